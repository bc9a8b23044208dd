package dev.weir.bench.audit;

import dev.weir.bench.audit.Failure.Kind;
import dev.weir.bench.audit.Ledger.Closed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One keep-alive connection of the audit client, with at most one request out. It never repeats a
 * request and never replaces itself: when it ends, it says how in the books and stays ended.
 */
final class AuditConnection {
  private final Ledger ledger;
  private final int port;
  private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
  private final MessageReader reader = new MessageReader();
  private final SocketChannel channel;
  private SelectionKey key;
  private ByteBuffer out = ByteBuffer.allocate(0);
  private boolean open;
  private boolean ended;
  private boolean announced;
  private boolean busy;
  private boolean write;
  private long id;
  private long dueNanos;
  private long sentNanos;

  /** Begins to connect. */
  AuditConnection(int port, Selector selector, Ledger ledger) throws IOException {
    this.port = port;
    this.ledger = ledger;
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
  }

  boolean ended() {
    return ended;
  }

  boolean busy() {
    return busy;
  }

  /** Whether it can take a request now. */
  boolean idle() {
    return open && !busy && !announced;
  }

  long sentNanos() {
    return sentNanos;
  }

  /**
   * Sends a request.
   *
   * @param due when it should have been sent; latency counts from then
   */
  void send(boolean post, int bytes, long due) {
    id = ledger.send();
    write = post;
    dueNanos = due;
    sentNanos = System.nanoTime();
    busy = true;
    StringBuilder head = new StringBuilder(post ? "POST" : "GET");
    head.append(" /audit/").append(id).append('/').append(bytes).append(" HTTP/1.1\r\n");
    head.append("Host: 127.0.0.1:").append(port).append("\r\nX-Audit-Id: ").append(id);
    if (post) {
      head.append("\r\nContent-Length: ").append(bytes);
    }
    byte[] first = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] body = post ? Payload.of(id, bytes) : new byte[0];
    out = ByteBuffer.allocate(first.length + body.length).put(first).put(body).flip();
    try {
      flush();
    } catch (IOException reset) {
      serverClosed(reset.getMessage());
    }
  }

  private void flush() throws IOException {
    channel.write(out);
    key.interestOps(
        out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  /** Serves what the selector has found. */
  void ready() {
    try {
      if (key.isConnectable()) {
        connected();
        return;
      }
      if (key.isWritable()) {
        flush();
      }
      if (key.isReadable()) {
        read();
      }
    } catch (IOException reset) {
      serverClosed(String.valueOf(reset.getMessage()));
    }
  }

  private void connected() {
    try {
      channel.finishConnect();
      open = true;
      ledger.opened();
      key.interestOps(SelectionKey.OP_READ);
    } catch (IOException refused) {
      ledger.refused();
      end();
    }
  }

  private void read() throws IOException {
    in.clear();
    int count = channel.read(in);
    if (count < 0) {
      serverClosed("end of stream");
      return;
    }
    in.flip();
    try {
      while (!ended && in.hasRemaining()) {
        if (!busy) {
          fail(Kind.CROSSED, 0, "bytes that nobody asked for");
        } else if (reader.read(in)) {
          answer();
          reader.next();
        }
      }
    } catch (MessageReader.BrokenException broken) {
      fail(Kind.MALFORMED, 0, broken.getMessage());
    }
  }

  private void answer() throws MessageReader.BrokenException {
    int status = reader.status();
    announced = reader.closing();
    if (status != 200) {
      Kind kind = status == AuditBackend.WRONG_REQUEST ? Kind.WRONG_REQUEST : Kind.STATUS;
      failed(kind, status, kind == Kind.STATUS ? brief(reader.body()) : "");
      return;
    }
    String own = reader.field("x-audit-id");
    if (!own.equals(String.valueOf(id))) {
      fail(Kind.CROSSED, status, "asked for " + id + ", got '" + own + "'");
      return;
    }
    boolean right = Payload.matches(id, reader.body()) && reader.body().length > 0;
    if (!right) {
      failed(Kind.WRONG_BODY, status, reader.body().length + " bytes");
      return;
    }
    busy = false;
    long micros = (System.nanoTime() - dueNanos) / 1000;
    ledger.answered(id, write, reader.field("x-audit-backend"), micros);
  }

  static String brief(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, 100), StandardCharsets.ISO_8859_1);
    return text.replaceAll("\\s+", " ");
  }

  /** Books a failure of the request that is out; the connection lives on. */
  private void failed(Kind kind, int status, String detail) {
    busy = false;
    ledger.failed(new Failure(kind, write, status, sentNanos, System.nanoTime(), detail));
  }

  /** Books a failure after which the connection cannot be used. */
  private void fail(Kind kind, int status, String detail) {
    failed(kind, status, detail);
    ledger.closed(Closed.BY_CLIENT);
    end();
  }

  /** The request that is out has taken too long. */
  void timedOut() {
    fail(Kind.TIMEOUT, 0, "");
  }

  private void serverClosed(String how) {
    if (ended) {
      return;
    }
    if (!open) {
      ledger.refused();
    } else if (busy) {
      failed(Kind.CLOSED, 0, how);
      ledger.closed(Closed.IN_FLIGHT);
    } else {
      ledger.closed(announced ? Closed.ANNOUNCED : Closed.IDLE);
    }
    end();
  }

  /** Closes without a word in the books: the run is over, or the books know already. */
  void end() {
    ended = true;
    open = false;
    try {
      channel.close();
    } catch (IOException ignored) {
      // it is gone either way
    }
  }
}
