package dev.weir.http;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes up what backends send to one request: responses after the grammar of RFC 9112, with
 * something odd in any position now and then. The same seed makes the same responses.
 */
final class ResponseGrammar {
  /** Must never be taken for an answer. */
  static final String POISON = "HTTP/1.1 200 OK\r\nX-Target: poison\r\nContent-Length: 0\r\n\r\n";

  private static final String[] LINES = {
    "HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found",
    "HTTP/1.1 204 No Content", "HTTP/1.1 304 Not Modified", "HTTP/1.0 200 OK", "HTTP/1.1 299 ",
    "HTTP/1.1 500 \u00e9", "HTTP/1.1 206 Partial"
  };
  private static final String[] ODD_LINES = {
    "HTTP/1.1 200",
    "HTTP/1.1  200 OK",
    "HTTP/2.0 200 OK",
    "HTTP/1.1 099 No",
    "HTTP/1.1 600 No",
    "SSH-2.0",
    "http/1.1 200 OK",
    "HTTP/1.1 20x No",
    "HTTP/1.1 200 O\u0000K",
    " HTTP/1.1 200 OK",
    ""
  };
  private static final String[] INTERIM = {
    "HTTP/1.1 103 Early Hints",
    "HTTP/1.1 100 Continue",
    "HTTP/1.1 102 Processing",
    "HTTP/1.1 101 Switching Protocols"
  };
  private static final String[] EXTRAS = {
    "Date: x",
    "Server: y",
    "Set-Cookie: a=b",
    "Connection: close",
    "Connection: keep-alive",
    "Connection: X-A",
    "X-A: 1",
    "X-B:\t2 ",
    "Keep-Alive: 5",
    "ETag: \"x\"",
    "Upgrade: h2c",
    "Trailer: X",
    "WWW-Authenticate: NTLM",
    "X_Y: z",
    "X: \u0085\u00ff"
  };
  private static final String[] ODD_EXTRAS = {
    "X : y",
    " X: y",
    "X",
    ": y",
    "X: \u0000",
    "X: a\rb",
    "X: a\nb",
    "X: y\r\n fold",
    "Transfer-Encoding: chunked",
    "Content-Length: 3",
    "Transfer-Encoding: gzip",
    "Content-Length: x",
    "Content-Length:",
    "Content-Length: 3, 3",
    "X\u0080: y",
    "Connection: \"x\""
  };
  private static final String[] ODD_ENDS = {"\n", "\r", "\r\r\n", "\n\r", "", " \r\n", "\r\n "};
  private static final String[] ODD_SIZES = {
    "", "-1", "5 ", "g", "0x1", "5;\n", "ffffffffffffffff"
  };

  private final SplittableRandom random;
  private int oddness;

  ResponseGrammar(long seed) {
    random = new SplittableRandom(seed);
  }

  private boolean odd() {
    return random.nextInt(1000) < oddness;
  }

  private String one(String[] of) {
    return of[random.nextInt(of.length)];
  }

  private String one(String[] of, String[] oddOnes) {
    return odd() ? one(oddOnes) : one(of);
  }

  private String end() {
    return odd() ? one(ODD_ENDS) : "\r\n";
  }

  /** All bytes that answer one request, cut in reads, with a close at the end or not. */
  String response() {
    oddness = random.nextInt(3) == 0 ? 0 : random.nextInt(80);
    StringBuilder all = new StringBuilder();
    while (random.nextInt(8) == 0) {
      all.append(one(INTERIM)).append(end());
      extras(all);
      all.append(end());
    }
    all.append(one(LINES, ODD_LINES)).append(end());
    extras(all);
    boolean framed = body(all);
    if (random.nextInt(12) == 0) {
      all.append(POISON);
    }
    if (random.nextInt(15) == 0) {
      int at = random.nextInt(all.length());
      all.setCharAt(at, (char) random.nextInt(256));
    }
    if (random.nextInt(15) == 0) {
      all.setLength(1 + random.nextInt(all.length()));
    }
    // Never nothing at all: that would be a connection gone stale, and another be made.
    for (int n = random.nextInt(3); n > 0; n--) {
      all.insert(random.nextInt(all.length()), Wire.CUT);
    }
    return all + (!framed || random.nextInt(6) == 0 ? Wire.CLOSE : "");
  }

  private void extras(StringBuilder all) {
    List<String> fields = new ArrayList<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      fields.add(one(EXTRAS, ODD_EXTRAS));
    }
    for (String field : fields) {
      all.append(field).append(end());
    }
  }

  /** Framing fields, the empty line and the body; false when it lasts until the close. */
  private boolean body(StringBuilder all) {
    String data = "d".repeat(random.nextInt(20));
    int kind = random.nextInt(10);
    if (kind < 5) {
      int length = data.length() + (odd() ? random.nextInt(5) - 2 : 0);
      all.append("Content-Length: ").append(length).append(end()).append(end()).append(data);
      return true;
    }
    if (kind < 9) {
      all.append("Transfer-Encoding: chunked").append(end()).append(end());
      for (int n = random.nextInt(3); n > 0; n--) {
        all.append(odd() ? one(ODD_SIZES) : Integer.toHexString(data.length() + 1));
        all.append(random.nextInt(4) == 0 ? ";x" : "").append(end());
        all.append(data).append('d').append(end());
      }
      all.append('0').append(end());
      all.append(random.nextInt(4) == 0 ? "X-Sum: 1" + end() : "").append(end());
      return true;
    }
    all.append(end()).append(data);
    return false;
  }
}
