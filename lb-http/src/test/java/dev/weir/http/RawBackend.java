package dev.weir.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that does what its script says with each connection, and remembers what it was sent.
 */
final class RawBackend implements AutoCloseable {
  /** What to do with one connection; returning closes it. */
  interface Script {
    void serve(Peer peer) throws Exception;
  }

  /** The backend's end of one connection. */
  static final class Peer {
    final Socket socket;
    private final RawBackend backend;
    private final RawClient reader;
    private String last = "";

    Peer(Socket socket, RawBackend backend) throws IOException {
      this.socket = socket;
      this.backend = backend;
      reader = RawClient.over(socket);
    }

    /** The next request head, which is remembered; null when the connection ends instead. */
    String request() throws IOException {
      try {
        String head = reader.readHead();
        backend.requests.add(head);
        last = head;
        return head;
      } catch (IOException ended) {
        return null;
      }
    }

    /** The head that {@link #request} has read last. */
    String last() {
      return last;
    }

    String read(int bytes) throws IOException {
      return reader.read(bytes);
    }

    String readAll() throws IOException {
      return reader.readAll();
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  final Queue<String> requests = new ConcurrentLinkedQueue<>();
  final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  RawBackend(Script script) throws IOException {
    server = new ServerSocket(0, 128, InetAddress.getByName("127.0.0.1"));
    threads.execute(() -> accept(script));
  }

  /** Answers every request of every connection with the same bytes. */
  static RawBackend answering(String response) throws IOException {
    return new RawBackend(
        peer -> {
          while (peer.request() != null) {
            peer.send(response);
          }
        });
  }

  private void accept(Script script) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        connections.incrementAndGet();
        open.add(socket);
        threads.execute(() -> serve(script, socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Script script, Socket socket) {
    try (socket) {
      script.serve(new Peer(socket, this));
    } catch (Exception ended) {
      // The proxy closed, or the script asked for more than came: the test sees it elsewhere.
    } finally {
      open.remove(socket);
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** An address that refuses connections. */
  static InetSocketAddress refusing() throws IOException {
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return (InetSocketAddress) gone.getLocalSocketAddress();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
