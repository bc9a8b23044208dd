package dev.weir.http;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes up what clients send: connections with requests after the grammar of RFC 9112, with
 * something odd in any position now and then. The same seed makes the same connections.
 */
final class Grammar {
  private static final String[] METHODS = {
    "GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"
  };
  private static final String[] ODD_METHODS = {
    "get", "G(T", "", "CONNECT", "TRACE", "PRI", " GET", "G\tT", "FOO", "G\u0000T", "GET ", "GE\rT"
  };
  private static final String[] TARGETS = {
    "/",
    "/",
    "/a/b?c=d",
    "/a/../b",
    "/a%2fb",
    "/a;p=1/..;/",
    "//x//",
    "http://b/x",
    "http://b",
    "http://b?q=/../",
    "HTTPS://B:80/./..//",
    "/?",
    "/%41%2e/%2E%2e/z",
    "/.../..a",
    "/a/.",
    "/a/..",
    "http://[::1]:8080/",
    "/~!$&'()*+,=:@\"<>[]^`{|}"
  };
  private static final String[] ODD_TARGETS = {
    "*",
    "a:80",
    "/\\",
    "/#",
    "/%00",
    "/%zz",
    "",
    "/a b",
    "/\u0080",
    "http://u@b/",
    "http:///",
    "b/x",
    "/..",
    "/%2e%2e/",
    "http://b:x/",
    "ftp://b/",
    "/\t",
    "/\u007f",
    "?",
    "**",
    "*?",
    "http://b/\\"
  };
  private static final String[] VERSIONS = {
    "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"
  };
  private static final String[] ODD_VERSIONS = {
    "HTTP/1.2",
    "HTTP/2.0",
    "http/1.1",
    "HTTP/1.1x",
    "HTTP/1",
    "",
    "HTTP/1.10",
    "HTTP/0.9",
    "HTTP/11",
    "HTTP/1.1 ",
    "HTTP /1.1",
    "1.1"
  };
  private static final String[] ODD_GAPS = {"  ", "\t", "\u000b", "", " \t", "\r", "\u00a0"};
  private static final String[] ODD_ENDS = {
    "\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "", " \r\n", "\r\n ", "\u0000\r\n", "\r\n\n", "\u0085"
  };
  private static final String[] HOSTS = {
    "a", "A.b:80", "[::1]", "a.", "127.0.0.1:8080", "a%41", "a:"
  };
  private static final String[] ODD_HOSTS = {
    "", "a b", "a,b", "u@a", "a/b", "a:x", "[::1", "a\u0080", "a:99999", "[::g]", "a%", "[]", "::1"
  };
  private static final String[] EXTRAS = {
    "Accept: */*",
    "X:",
    "Cookie: a=b; c=d",
    "Cookie:e=f ",
    "X-A:\t1\t",
    "Connection: keep-alive",
    "Connection: close",
    "Connection: X-A, te",
    "Connection: Keep-Alive, Close",
    "TE: trailers",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Upgrade: h2c",
    "X-Forwarded-For: 6.6.6.6",
    "X_Forwarded_For: 6.6.6.6",
    "Content_Length: 5",
    "Transfer_Encoding: chunked",
    "Proxy: x",
    "Expect: 100-continue",
    "Forwarded: for=x",
    "Max-Forwards: 0",
    "Max-Forwards: 1",
    "Trailer: X",
    "Keep-Alive: 5",
    "X-B: \u00e9\u0085\u00ff",
    "Connection: content-length, host, authorization",
    "X-Forwarded-Ssl: on",
    "Proxy-Connection: close",
    "Connection: transfer-encoding",
    "Date: x"
  };
  private static final String[] ODD_EXTRAS = {
    "X : y",
    " X: y",
    "X",
    ": y",
    "X\u0080: y",
    "X: \u0000",
    "X: a\rb",
    "X: a\nb",
    "Expect: x",
    "Connection: \"close\"",
    "Connection: a b",
    "X(: y",
    "X: \u007f",
    "X: y\r\n fold",
    "Host: b",
    "Transfer-Encoding: chunked",
    "Content-Length: 3",
    "\tX: y",
    "Transfer-Encoding:\r\n chunked",
    "X\t: y",
    "Content-Length : 3",
    "Host : b",
    "",
    "\u0000",
    "GET / HTTP/1.1"
  };
  private static final String[] ODD_LENGTHS = {
    "+3",
    "-1",
    "0x3",
    "3,3",
    "3 3",
    "",
    "3.0",
    "99999999999999999999",
    "\u0663",
    "3;",
    "03",
    "3\u000b"
  };
  private static final String[] ODD_CODINGS = {
    "gzip", "gzip, chunked", "chunked, chunked", "identity", "chunked, identity", "xchunked", "",
    "chunked;q=1", "\u000bchunked", "chunked,", ",chunked", "Chunked", "\tchunked\t", "\"chunked\"",
    "chun\u0000ked", "chunked\u0085", "CHUNKED ,"
  };
  private static final String[] ODD_SIZES = {
    "",
    " ",
    "+",
    "-",
    "0x",
    "5 ",
    " 5",
    "5;a",
    "5 ;a=b",
    "5;a\n",
    "5\n",
    "g",
    "5,",
    "0000000000000005",
    "00000000000000005",
    "ffffffffffffffff",
    "5 5",
    "5;\"\u0000\"",
    "5\r"
  };
  private static final String[] TRAILERS = {"X: y", "X-Sum:1 ", "Content-Length: 5", "X_Y: z"};

  private final SplittableRandom random;

  /** In how many of a thousand positions something odd stands. */
  private int oddness;

  Grammar(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Everything that one client sends. */
  String connection() {
    oddness = random.nextInt(3) == 0 ? 0 : random.nextInt(60);
    StringBuilder all = new StringBuilder();
    for (int n = random.nextInt(4); n >= 0; n--) {
      if (random.nextInt(20) == 0) {
        all.append("\r\n");
      }
      if (odd()) {
        all.append(one(ODD_ENDS));
      }
      request(all);
    }
    if (random.nextInt(100) < 15) {
      for (int n = random.nextInt(3); n >= 0; n--) {
        scratch(all);
      }
    }
    return all.toString();
  }

  /** The same bytes in some pieces. */
  List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int most = random.nextInt(8) == 0 ? 3 : 1 + text.length();
    for (int at = 0; at < text.length(); ) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(most));
      pieces.add(text.substring(at, to));
      at = to;
    }
    return pieces;
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

  private String gap() {
    return odd() ? one(ODD_GAPS) : " ";
  }

  private String end() {
    return odd() ? one(ODD_ENDS) : "\r\n";
  }

  private void request(StringBuilder all) {
    String method = one(METHODS, ODD_METHODS);
    String target = method.equals("OPTIONS") && random.nextBoolean() ? "*" : target();
    all.append(method).append(gap()).append(target).append(gap());
    all.append(one(VERSIONS, ODD_VERSIONS)).append(end());
    List<String> fields = new ArrayList<>();
    if (random.nextInt(100) < 98) {
      fields.add((random.nextInt(5) == 0 ? "hOST:" : "Host: ") + one(HOSTS, ODD_HOSTS));
    }
    for (int n = random.nextInt(5); n > 0; n--) {
      insert(fields, one(EXTRAS, ODD_EXTRAS));
    }
    StringBuilder body = new StringBuilder();
    frame(fields, body);
    for (String field : fields) {
      all.append(field).append(end());
    }
    all.append(end()).append(body);
  }

  private void insert(List<String> fields, String field) {
    fields.add(random.nextInt(fields.size() + 1), field);
  }

  private String target() {
    if (random.nextInt(3) > 0) {
      return one(TARGETS, ODD_TARGETS);
    }
    StringBuilder path = new StringBuilder("/");
    String[] parts = {"/", ".", "..", "a", "%2e", "%2F", ";", "%41", "?", "%7e"};
    for (int n = random.nextInt(7); n > 0; n--) {
      path.append(one(parts));
    }
    return path.toString();
  }

  private void frame(List<String> fields, StringBuilder body) {
    int kind = random.nextInt(10);
    if (kind < 4) {
      return;
    }
    if (kind < 7 || odd()) {
      String data = data();
      String length = odd() ? one(ODD_LENGTHS) : String.valueOf(data.length());
      insert(fields, "Content-Length: " + length);
      if (random.nextInt(12) == 0) {
        insert(fields, "content-length:" + length);
      }
      body.append(data);
    }
    if (kind >= 7 || odd()) {
      String coding = odd() ? one(ODD_CODINGS) : "chunked";
      insert(fields, "Transfer-Encoding: " + coding);
      chunks(body);
    }
  }

  private String data() {
    String[] parts = {"x", "\r\n", "0\r\n\r\n", "GET / HTTP/1.1\r\n", "\u0000", "\u00ff", "hello"};
    StringBuilder data = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      data.append(one(parts));
    }
    return data.toString();
  }

  private void chunks(StringBuilder body) {
    for (int n = random.nextInt(4); n > 0; n--) {
      String data = data() + "x";
      String size = Integer.toHexString(data.length() + (odd() ? random.nextInt(3) - 1 : 0));
      body.append("0".repeat(random.nextInt(3)));
      body.append(odd() ? one(ODD_SIZES) : size);
      body.append(random.nextInt(4) == 0 ? ";e=\"v\"" : "").append(end());
      body.append(data).append(end());
    }
    body.append("0").append(end());
    for (int n = random.nextInt(8); n > 5; n--) {
      body.append(one(TRAILERS, ODD_EXTRAS)).append(end());
    }
    body.append(end());
  }

  /** Takes a byte away, puts one in, changes one, or says a part twice. */
  private void scratch(StringBuilder all) {
    int at = random.nextInt(all.length());
    switch (random.nextInt(4)) {
      case 0 -> all.deleteCharAt(at);
      case 1 -> all.insert(at, (char) random.nextInt(256));
      case 2 -> all.setCharAt(at, (char) random.nextInt(256));
      default -> all.insert(at, all.substring(at, Math.min(all.length(), at + random.nextInt(30))));
    }
    if (all.isEmpty()) {
      all.append('\r');
    }
  }
}
