package dev.weir.bench.audit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The backend that belongs to the audit client: it records each id that has arrived in full, checks
 * the body of a POST, and answers with the id, its own name and the body that follows from the id.
 * {@code GET /health} answers 200. One thread; a process of its own, so that it can be killed.
 */
public final class AuditBackend implements AutoCloseable {
  /** What it answers when the body of a request is not the one of its id. */
  static final int WRONG_REQUEST = 422;

  private final String name;
  private final ArrivalLog log;
  private final long delayNanos;
  private final Selector selector;
  private final ServerSocketChannel server;
  private final ArrayDeque<Delayed> delayed = new ArrayDeque<>();

  private record Delayed(long dueNanos, Client client, ByteBuffer answer) {}

  /**
   * Opens the listening socket.
   *
   * @param port on 127.0.0.1; 0 for a free one
   * @param delayMillis from a whole request to its answer
   */
  public AuditBackend(String name, int port, java.nio.file.Path log, int delayMillis)
      throws IOException {
    this.name = name;
    this.log = ArrivalLog.create(log);
    delayNanos = delayMillis * 1_000_000L;
    selector = Selector.open();
    server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** What it accepts on. */
  public int port() {
    return server.socket().getLocalPort();
  }

  /** Serves until {@link #close}. */
  public void serve() throws IOException {
    while (selector.isOpen()) {
      selector.select(delayed.isEmpty() ? 1000 : 1);
      if (!selector.isOpen()) {
        return;
      }
      Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
      while (keys.hasNext()) {
        SelectionKey key = keys.next();
        keys.remove();
        if (!key.isValid()) {
          continue;
        }
        if (key.isAcceptable()) {
          accept();
        } else {
          ((Client) key.attachment()).ready();
        }
      }
      long now = System.nanoTime();
      while (!delayed.isEmpty() && delayed.peek().dueNanos() <= now) {
        Delayed next = delayed.poll();
        next.client().send(next.answer());
      }
    }
  }

  private void accept() throws IOException {
    for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Client client = new Client(channel);
      client.key = channel.register(selector, SelectionKey.OP_READ, client);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private ByteBuffer answer(String start, byte[] body) {
    String[] words = start.split("[ /]+"); // GET audit ID BYTES HTTP 1.1
    try {
      if (words.length == 6 && words[1].equals("audit")) {
        return audited(
            words[0].equals("POST"), Long.parseLong(words[2]), Integer.parseInt(words[3]), body);
      }
    } catch (NumberFormatException notAnAudit) {
      return message("400 Bad Request", "", new byte[0]);
    }
    return words.length > 1 && words[1].equals("health")
        ? message("200 OK", "", "ok".getBytes(StandardCharsets.US_ASCII))
        : message("404 Not Found", "", new byte[0]);
  }

  private ByteBuffer audited(boolean write, long id, int bytes, byte[] body) {
    if (!log.add(write ? id | Arrivals.WRITE : id)) {
      return message("507 Insufficient Storage", "", new byte[0]);
    }
    if (write && !(body.length == bytes && Payload.matches(id, body))) {
      return message(WRONG_REQUEST + " Unprocessable Content", "", new byte[0]);
    }
    String extra = "X-Audit-Id: " + id + "\r\nX-Audit-Backend: " + name + "\r\n";
    return message("200 OK", extra, Payload.of(id, Math.min(bytes, Payload.MAX_BYTES)));
  }

  private static ByteBuffer message(String status, String extra, byte[] body) {
    String head =
        "HTTP/1.1 " + status + "\r\n" + extra + "Content-Length: " + body.length + "\r\n\r\n";
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(first.length + body.length).put(first).put(body).flip();
  }

  private final class Client {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(16 * 1024);
    private final MessageReader reader = new MessageReader();
    private final ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
    private SelectionKey key;
    private boolean closing;

    Client(SocketChannel channel) {
      this.channel = channel;
    }

    void ready() {
      try {
        if (key.isWritable()) {
          flush();
        }
        if (key.isValid() && key.isReadable()) {
          read();
        }
      } catch (IOException | MessageReader.BrokenException over) {
        end();
      }
    }

    private void read() throws IOException, MessageReader.BrokenException {
      in.clear();
      if (channel.read(in) < 0) {
        end();
        return;
      }
      in.flip();
      while (in.hasRemaining() && reader.read(in)) {
        closing |= reader.closing();
        ByteBuffer answer = answer(reader.startLine(), reader.body());
        boolean health = reader.startLine().startsWith("GET /health");
        reader.next();
        if (delayNanos > 0 && !health) {
          delayed.add(new Delayed(System.nanoTime() + delayNanos, this, answer));
        } else {
          send(answer);
        }
      }
    }

    void send(ByteBuffer answer) {
      if (!channel.isOpen()) {
        return;
      }
      out.add(answer);
      try {
        flush();
      } catch (IOException reset) {
        end();
      }
    }

    private void flush() throws IOException {
      while (!out.isEmpty()) {
        channel.write(out.peek());
        if (out.peek().hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
          return;
        }
        out.poll();
      }
      key.interestOps(SelectionKey.OP_READ);
      if (closing) {
        end();
      }
    }

    private void end() {
      try {
        channel.close();
      } catch (IOException ignored) {
        // it is gone either way
      }
    }
  }
}
