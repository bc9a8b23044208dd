package dev.weir.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A backend that remembers every byte it is sent and answers every complete request with 200. One
 * thread looks after all connections, so that {@link #log} knows everything that had been sent to
 * any of them when it was called.
 */
final class RecordingBackend implements AutoCloseable {
  private static final byte[] ANSWER =
      Chars.bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  private static final byte[] ANSWER_TO_HEAD =
      Chars.bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");

  /** What has come since the last look: complete requests in order, and beginnings of others. */
  record Log(List<String> requests, List<String> incomplete) {}

  private final Selector selector = Selector.open();
  private final ServerSocketChannel server = ServerSocketChannel.open();
  private final Map<SocketChannel, ByteArrayOutputStream> open = new HashMap<>();
  private final AtomicReference<CountDownLatch> asked = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "recording-backend");
  private List<String> requests = new ArrayList<>();
  private List<String> incomplete = new ArrayList<>();
  private volatile Log answer;
  private volatile boolean closed;

  RecordingBackend() throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 128);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    thread.start();
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) server.getLocalAddress();
  }

  /** Takes what has come since the last call. */
  Log log() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    asked.set(latch);
    selector.wakeup();
    latch.await();
    return answer;
  }

  private void run() {
    try {
      while (!closed) {
        CountDownLatch waiting = asked.getAndSet(null);
        if (waiting == null) {
          selector.select(this::ready);
          continue;
        }
        // Twice: what is accepted in the first round is read in the second.
        while (selector.selectNow(this::ready) > 0) {
          Thread.onSpinWait();
        }
        open.values().forEach(rest -> addIncomplete(rest));
        answer = new Log(requests, incomplete);
        requests = new ArrayList<>();
        incomplete = new ArrayList<>();
        waiting.countDown();
      }
      for (SocketChannel channel : open.keySet()) {
        channel.close();
      }
      server.close();
      selector.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void addIncomplete(ByteArrayOutputStream rest) {
    if (rest.size() > 0) {
      incomplete.add(rest.toString(StandardCharsets.ISO_8859_1));
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel channel = server.accept();
        if (channel != null) {
          channel.configureBlocking(false);
          channel.register(selector, SelectionKey.OP_READ);
          open.put(channel, new ByteArrayOutputStream());
        }
      } else {
        read((SocketChannel) key.channel());
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void read(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    ByteArrayOutputStream got = open.get(channel);
    int n;
    try {
      n = channel.read(buffer);
    } catch (IOException reset) {
      n = -1;
    }
    if (n < 0) {
      open.remove(channel);
      addIncomplete(got);
      channel.close();
      return;
    }
    got.write(buffer.array(), 0, n);
    String text = got.toString(StandardCharsets.ISO_8859_1);
    for (int end = end(text); end >= 0; end = end(text)) {
      String request = text.substring(0, end);
      requests.add(request);
      text = text.substring(end);
      got.reset();
      got.writeBytes(Chars.bytes(text));
      channel.write(ByteBuffer.wrap(request.startsWith("HEAD ") ? ANSWER_TO_HEAD : ANSWER));
    }
  }

  /** Where the first request ends; -1 when it is incomplete. What we write is strictly formed. */
  static int end(String text) {
    int head = text.indexOf("\r\n\r\n");
    if (head < 0) {
      return -1;
    }
    int at = head + 4;
    if (text.lastIndexOf("\r\nTransfer-Encoding: chunked\r\n", head) < 0) {
      String fields = text.substring(0, head + 2).toLowerCase(Locale.ROOT);
      int field = fields.indexOf("\r\ncontent-length: ");
      int length =
          field < 0
              ? 0
              : Integer.parseInt(text.substring(field + 18, text.indexOf("\r\n", field + 18)));
      return at + length <= text.length() ? at + length : -1;
    }
    while (true) {
      int line = text.indexOf("\r\n", at);
      if (line < 0) {
        return -1;
      }
      int size = Integer.parseInt(text.substring(at, line), 16);
      if (size == 0) {
        // The end of the trailers, or of none.
        int end = text.indexOf("\r\n\r\n", line);
        return end < 0 ? -1 : end + 4;
      }
      at = line + 2 + size + 2;
      if (at > text.length()) {
        return -1;
      }
    }
  }

  @Override
  public void close() throws Exception {
    closed = true;
    selector.wakeup();
    thread.join();
  }
}
