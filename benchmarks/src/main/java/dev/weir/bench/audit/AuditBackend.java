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
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;

/**
 * The backend that belongs to the audit client: it records each id that has arrived in full and
 * answers as {@link AuditAnswers} says. {@code GET /health} answers 200. One thread; a process of
 * its own, so that it can be killed.
 */
public final class AuditBackend implements AutoCloseable {
  /** What it answers when the body of a request is not the one of its id. */
  static final int WRONG_REQUEST = 422;

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final AuditAnswers answers;
  private final long delayNanos;
  private final Selector selector;
  private final ServerSocketChannel server;
  private final PriorityQueue<Delayed> delayed =
      new PriorityQueue<>(Comparator.comparingLong(Delayed::dueNanos));

  private record Delayed(long dueNanos, Client client, AuditAnswers.Answer answer) {}

  /**
   * Opens the listening socket.
   *
   * @param port on 127.0.0.1; 0 for a free one
   * @param delayMillis from a whole request to its answer
   */
  public AuditBackend(String name, int port, java.nio.file.Path log, int delayMillis)
      throws IOException {
    answers = new AuditAnswers(name, ArrivalLog.create(log));
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

  private final class Client {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(16 * 1024);
    private final MessageReader reader = new MessageReader();
    private final ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
    private SelectionKey key;
    private boolean closing;
    private boolean echoes;

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
      while (in.hasRemaining() && !echoes && reader.read(in)) {
        closing |= reader.closing();
        AuditAnswers.Answer answer = answers.to(reader);
        echoes = answer.echoes();
        boolean health = reader.startLine().startsWith("GET /health");
        reader.next();
        long wait = answer.delayNanos() + (health ? 0 : delayNanos);
        if (wait > 0) {
          delayed.add(new Delayed(System.nanoTime() + wait, this, answer));
        } else {
          send(answer);
        }
      }
      if (reader.awaitsContinue()) {
        out.add(ByteBuffer.wrap(CONTINUE));
        flush();
      }
      if (echoes && in.hasRemaining()) {
        out.add(ByteBuffer.allocate(in.remaining()).put(in).flip());
        flush();
      }
    }

    void send(AuditAnswers.Answer answer) {
      if (!channel.isOpen()) {
        return;
      }
      closing |= answer.closes();
      out.add(answer.bytes());
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
          // a tunnel reads on when what it has read is back
          key.interestOps(
              echoes ? SelectionKey.OP_WRITE : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
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
