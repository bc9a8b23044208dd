package dev.weir.bench.audit;

import dev.weir.bench.audit.Failure.Kind;
import dev.weir.bench.proc.Child;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * One blocking connection whose every request is in the books: any method, bodies by length or in
 * chunks, several requests at once, slow in either direction, and tunnels. Used by one thread. A
 * failure is booked, ends the connection, and is not thrown.
 */
public final class AuditSocket implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5000;
  private static final int SILENCE_MILLIS = 20_000;
  private static final int PIECE = 16 * 1024;
  private static final int MAX_CHUNK = 7000;

  private final Ledger ledger;
  private final int port;
  private final Socket socket;
  private final MessageReader reader = new MessageReader();
  private final ArrayDeque<Asked> asked = new ArrayDeque<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ByteBuffer in = ByteBuffer.allocate(0);
  private boolean usable = true;
  private boolean held;
  private int readPiece = PIECE;
  private int readPause;
  private int writePiece = Integer.MAX_VALUE;
  private int writePause;

  private record Asked(long id, String method, int bytes, String how, long sentNanos) {
    boolean write() {
      return method.equals("POST");
    }
  }

  /** How a request carries its body. */
  public enum Body {
    /** Not at all. */
    NONE,
    /** By its length. */
    LENGTH,
    /** In chunks, with a trailer. */
    CHUNKED
  }

  /**
   * Connects; a refusal is booked, and then the connection is not {@link #usable}.
   *
   * @param receiveBuffer bytes; 0: as the system has it
   */
  public AuditSocket(int port, Ledger ledger, int receiveBuffer) throws IOException {
    this.port = port;
    this.ledger = ledger;
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(SILENCE_MILLIS);
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      ledger.opened();
    } catch (IOException refused) {
      ledger.refused();
      usable = false;
    }
  }

  /** Whether another request can be sent. */
  public boolean usable() {
    return usable;
  }

  /** From now on reads so many bytes at a time with a pause before each. */
  public void readSlowly(int piece, int pauseMillis) {
    readPiece = piece;
    readPause = pauseMillis;
  }

  /** From now on writes so many bytes at a time with a pause before each. */
  public void writeSlowly(int piece, int pauseMillis) {
    writePiece = piece;
    writePause = pauseMillis;
  }

  /** What is asked from now on is sent with the next {@link #release}. */
  public void hold() {
    held = true;
  }

  /** Sends what was held, in one write. */
  public void release() {
    held = false;
    flush();
  }

  /**
   * Sends a request; its answer is for {@link #answer}.
   *
   * @param version {@code 1.1} or {@code 1.0}
   * @param bytes of the answer's body, and of the request's own if it has one
   * @param mode see {@link AuditAnswers}; may be empty
   */
  public void ask(String method, String version, int bytes, String mode, Body body) {
    long id = begin(method, bytes, version + " " + mode + " " + body);
    head(id, method + " /audit/" + id + "/" + bytes + query(mode) + " HTTP/" + version, "");
    switch (body) {
      case NONE -> text("\r\n");
      case LENGTH -> {
        text("Content-Length: " + bytes + "\r\n\r\n");
        out.writeBytes(Payload.of(id, bytes));
      }
      case CHUNKED -> {
        text("Transfer-Encoding: chunked\r\n\r\n");
        chunks(Payload.of(id, bytes));
      }
    }
    flush();
  }

  /** A POST whose body waits for {@code 100 Continue}, and its answer. */
  public void askFirst(int bytes) {
    long id = begin("POST", bytes, "after 100");
    head(id, "POST /audit/" + id + "/" + bytes + " HTTP/1.1", "Expect: 100-continue\r\n");
    text("Content-Length: " + bytes + "\r\n\r\n");
    flush();
    guarded(
        () -> {
          if (message() != 100) {
            judge();
            return;
          }
          out.writeBytes(Payload.of(id, bytes));
          flush();
        });
    if (!asked.isEmpty()) {
      answer();
    }
  }

  /**
   * A tunnel: bytes go both ways, each round as many as given, and must come back as they were.
   * Answered when the last round is back.
   */
  public void tunnel(int rounds, int bytes) {
    long id = begin("GET", bytes, "tunnel");
    String line = "GET /audit/" + id + "/" + bytes + " HTTP/1.1";
    head(id, line, "Connection: Upgrade\r\nUpgrade: echo\r\n");
    text("\r\n");
    flush();
    guarded(
        () -> {
          int status = message();
          if (status != 101 || !reader.field("x-audit-id").equals(String.valueOf(id))) {
            failed(asked.poll(), Kind.STATUS, status, "no tunnel");
            return;
          }
          String backend = reader.field("x-audit-backend");
          for (int round = 0; round < rounds; round++) {
            byte[] sent = Payload.of(id + round, bytes);
            out.writeBytes(sent);
            flush();
            if (usable && !Arrays.equals(sent, exactly(bytes))) {
              failed(asked.poll(), Kind.WRONG_BODY, 101, "round " + round);
              return;
            }
          }
          if (usable) {
            done(asked.poll(), backend);
          }
        });
  }

  /** Reads the answer to the oldest request. */
  public void answer() {
    guarded(
        () -> {
          int status = message();
          while (status == 100) {
            status = message();
          }
          judge();
        });
  }

  /** Ends the connection with a reset instead of the usual end. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    close();
  }

  /** Ends our direction only, and reads until the other side has ended its own. */
  public void half() {
    guarded(
        () -> {
          socket.shutdownOutput();
          while (fill()) {
            in.position(in.limit());
          }
        });
  }

  private interface Steps {
    void run() throws IOException, MessageReader.BrokenException;
  }

  private void guarded(Steps steps) {
    if (!usable) {
      return;
    }
    try {
      steps.run();
    } catch (SocketTimeoutException late) {
      end(Kind.TIMEOUT, "");
    } catch (IOException reset) {
      end(Kind.CLOSED, String.valueOf(reset.getMessage()));
    } catch (MessageReader.BrokenException broken) {
      end(Kind.MALFORMED, broken.getMessage());
    }
  }

  private void end(Kind kind, String detail) {
    usable = false;
    if (!asked.isEmpty()) {
      ledger.closed(kind == Kind.CLOSED ? Ledger.Closed.IN_FLIGHT : Ledger.Closed.BY_CLIENT);
    }
    while (!asked.isEmpty()) {
      failed(asked.poll(), kind, 0, detail);
    }
  }

  private void failed(Asked one, Kind kind, int status, String detail) {
    long now = System.nanoTime();
    String what = one.method() + " " + one.how() + " of " + one.bytes() + " bytes: " + detail;
    ledger.failed(new Failure(kind, one.write(), status, one.sentNanos(), now, what));
  }

  private long begin(String method, int bytes, String how) {
    long id = ledger.send();
    asked.add(new Asked(id, method, bytes, how, System.nanoTime()));
    return id;
  }

  private static String query(String mode) {
    return mode.isEmpty() ? "" : "?" + mode;
  }

  private void head(long id, String line, String fields) {
    text(line + "\r\nHost: 127.0.0.1:" + port + "\r\nX-Audit-Id: " + id + "\r\n" + fields);
  }

  private void text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void chunks(byte[] body) {
    int size = 1 + body.length % MAX_CHUNK;
    for (int from = 0; from < body.length; from += size) {
      int count = Math.min(size, body.length - from);
      text(Integer.toHexString(count) + "\r\n");
      out.write(body, from, count);
      text("\r\n");
    }
    text("0\r\nX-Audit-Trailer: end\r\n\r\n");
  }

  private void flush() {
    if (held) {
      return;
    }
    byte[] all = out.toByteArray();
    out.reset();
    if (!usable) { // what was asked on a connection that has ended is not lost from the books
      end(Kind.CLOSED, "not sent");
      return;
    }
    guarded(
        () -> {
          for (int from = 0; from < all.length; from += Math.min(writePiece, all.length - from)) {
            if (writePause > 0) {
              Child.pause(writePause);
            }
            socket.getOutputStream().write(all, from, Math.min(writePiece, all.length - from));
          }
        });
  }

  /** Reads one message and returns its status. */
  private int message() throws IOException, MessageReader.BrokenException {
    reader.next();
    if (!asked.isEmpty() && asked.peek().method().equals("HEAD")) {
      reader.bodyless();
    }
    while (!reader.read(in)) {
      if (!fill()) {
        throw new IOException("end of stream");
      }
    }
    return reader.status();
  }

  private boolean fill() throws IOException {
    if (readPause > 0) {
      Child.pause(readPause);
    }
    InputStream stream = socket.getInputStream();
    byte[] some = new byte[readPiece];
    int count = stream.read(some);
    in = ByteBuffer.wrap(some, 0, Math.max(0, count));
    return count >= 0;
  }

  private byte[] exactly(int bytes) throws IOException {
    byte[] all = new byte[bytes];
    int have = 0;
    while (have < bytes) {
      if (!in.hasRemaining() && !fill()) {
        throw new IOException("end of stream");
      }
      int count = Math.min(in.remaining(), bytes - have);
      in.get(all, have, count);
      have += count;
    }
    return all;
  }

  private void judge() throws MessageReader.BrokenException {
    Asked one = asked.poll();
    int status = reader.status();
    boolean head = one.method().equals("HEAD");
    byte[] body = reader.body();
    boolean announced = reader.closing();
    if (status == AuditBackend.WRONG_REQUEST) {
      failed(one, Kind.WRONG_REQUEST, status, "");
    } else if (status != 200) {
      failed(one, Kind.STATUS, status, AuditConnection.brief(body));
    } else if (!reader.field("x-audit-id").equals(String.valueOf(one.id()))) {
      failed(one, Kind.CROSSED, status, "got '" + reader.field("x-audit-id") + "'");
    } else if (body.length != (head ? 0 : one.bytes()) || !Payload.matches(one.id(), body)) {
      failed(one, Kind.WRONG_BODY, status, body.length + " bytes");
    } else {
      done(one, reader.field("x-audit-backend"));
    }
    if (announced) {
      ledger.closed(Ledger.Closed.ANNOUNCED);
      end(Kind.CLOSED, "announced before its turn");
    }
  }

  private void done(Asked one, String backend) {
    long micros = (System.nanoTime() - one.sentNanos()) / 1000;
    ledger.answered(one.id(), one.write(), backend, micros);
  }

  @Override
  public void close() throws IOException {
    if (usable) {
      end(Kind.CLOSED, "by the client before the answer");
    }
    socket.close();
  }
}
