package dev.weir.bench.soak;

import dev.weir.bench.audit.Ledger;
import dev.weir.bench.proc.Child;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Clients that end where they should not, send what must be refused, or stall; and backends that
 * break off. Their ids have books of their own, in which nothing is answered. One thread's own.
 */
final class RudeActs {
  private static final int SILENCE_MILLIS = 10_000;
  private static final int LARGE = 500_000;
  private static final int MOST_READ = 2 * LARGE;

  /** Each must be answered with a status from 400 on, or with the end of the connection. */
  private static final String[] BAD = {
    "GET /x HTTP/1.1\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost : a\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
    "GET /x HTTP/3.7\r\nHost: a\r\n\r\n",
    "GET /x y HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a/../../b HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    "G@T /x HTTP/1.1\r\nHost: a\r\n\r\n",
    "\u0016\u0003\u0001 not this protocol\r\n\r\n",
    "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 4\r\n\r\nabcd",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked, x\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "GET /" + "y".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\n" + "Name: value\r\n".repeat(120) + "\r\n",
  };

  private final int port;
  private final Ledger ledger;
  private final SplittableRandom random;
  private final Complaints complaints;

  RudeActs(int port, Ledger ledger, SplittableRandom random, Complaints complaints) {
    this.port = port;
    this.ledger = ledger;
    this.random = random;
    this.complaints = complaints;
  }

  void run(Act act) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(SILENCE_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SILENCE_MILLIS);
      switch (act) {
        case ABORT_HEAD -> abort(socket, cut(get(1000, "")), 0);
        case ABORT_BODY -> abort(socket, cutBody(), 0);
        case ABORT_READING -> abort(socket, get(LARGE, ""), 1 + random.nextInt(LARGE / 2));
        case ABORT_ASKED -> abort(socket, get(1000, "delay=30").repeat(1 + random.nextInt(4)), 0);
        case ABORT_TUNNEL -> tunnel(socket);
        case BAD_REQUEST -> bad(socket);
        case STALLED -> stalled(socket);
        case SILENT -> Child.pause(random.nextInt(1500));
        case ODD_BACKEND -> odd(socket);
        default -> throw new IllegalArgumentException(act.name());
      }
    } catch (SocketTimeoutException silent) {
      complaints.add(act.text() + ": nothing happened in " + SILENCE_MILLIS + " ms");
    } catch (IOException reset) {
      // it may be cut off at any time
    }
  }

  private String get(int bytes, String mode) {
    String query = mode.isEmpty() ? "" : "?" + mode;
    return "GET /audit/" + ledger.send() + "/" + bytes + query + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private String cut(String whole) {
    return whole.substring(0, 1 + random.nextInt(whole.length() - 1));
  }

  private String cutBody() {
    int bytes = 2 + random.nextInt(LARGE / 4);
    int sent = random.nextInt(bytes - 1);
    String head = "POST /audit/" + ledger.send() + "/" + bytes + " HTTP/1.1\r\nHost: a\r\n";
    if (random.nextBoolean()) {
      return head + "Content-Length: " + bytes + "\r\n\r\n" + "b".repeat(sent);
    }
    String chunk = Integer.toHexString(bytes) + "\r\n" + "b".repeat(sent);
    return head + "Transfer-Encoding: chunked\r\n\r\n" + chunk;
  }

  /** Sends, reads a little, and ends in one of two ways. */
  private void abort(Socket socket, String text, int read) throws IOException {
    send(socket, text);
    if (read > 0) {
      socket.getInputStream().readNBytes(read);
    } else if (random.nextBoolean()) {
      Child.pause(random.nextInt(40));
    }
    if (random.nextBoolean()) {
      socket.setSoLinger(true, 0);
    }
  }

  private void tunnel(Socket socket) throws IOException {
    String line = "GET /audit/" + ledger.send() + "/1 HTTP/1.1\r\nHost: a\r\n";
    send(socket, line + "Connection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    socket.getInputStream().read();
    abort(socket, "t".repeat(1 + random.nextInt(LARGE / 4)), 1 + random.nextInt(100));
  }

  private void bad(Socket socket) throws IOException {
    String text = BAD[random.nextInt(BAD.length)];
    send(socket, text);
    refused(socket, "a bad request", text);
  }

  private void stalled(Socket socket) throws IOException {
    send(socket, random.nextBoolean() ? cut(get(1, "")) : cutBody());
    refused(socket, "a stalled request", "");
  }

  private void odd(Socket socket) throws IOException {
    String mode = random.nextInt(3) == 0 ? "never" : "cut";
    send(socket, get(LARGE, mode).replace("/audit/", "/odd/"));
    byte[] answer = read(socket);
    if (status(answer) < 400 && answer.length >= LARGE) {
      complaints.add("a whole answer of a backend that breaks off: " + brief(answer));
    }
  }

  private void refused(Socket socket, String what, String sent) throws IOException {
    byte[] answer = read(socket);
    if (answer.length > 0 && status(answer) < 400) {
      complaints.add(what + " is answered " + brief(answer) + ": " + brief(bytes(sent)));
    }
  }

  /** Until the other side ends, or the answer is from 400 on. */
  private static byte[] read(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] all = new byte[MOST_READ];
    int have = 0;
    try {
      for (int count = 0; count >= 0 && have < all.length; count = in.read(all, have, 8192)) {
        have += count;
        if (have > 12 && status(all) >= 400) {
          break;
        }
      }
    } catch (SocketTimeoutException silent) {
      throw silent;
    } catch (IOException reset) {
      // what was read counts
    }
    return java.util.Arrays.copyOf(all, have);
  }

  private static int status(byte[] answer) {
    String line = brief(answer);
    return line.matches("HTTP/1\\.1 [1-5][0-9][0-9].*")
        ? Integer.parseInt(line.substring(9, 12))
        : 0;
  }

  private static String brief(byte[] text) {
    int end = Math.min(60, text.length);
    return new String(text, 0, end, StandardCharsets.ISO_8859_1).split("[\r\n\0]", 2)[0];
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(bytes(text));
  }
}
