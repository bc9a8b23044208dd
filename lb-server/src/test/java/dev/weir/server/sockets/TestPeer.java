package dev.weir.server.sockets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;

/**
 * A backend, over TCP or a Unix socket. Over {@code tcp} it sends a line with its port and the
 * address it was connected from, and then all that it gets; over {@code http} it answers each
 * request with the request's head. Also what talks to such backends.
 */
final class TestPeer implements AutoCloseable {
  private final ServerSocketChannel server;
  private final boolean http;

  private TestPeer(ServerSocketChannel server, boolean http) {
    this.server = server;
    this.http = http;
    start(this::accept);
  }

  static TestPeer tcp(SocketAddress at) throws IOException {
    return new TestPeer(listen(at), false);
  }

  static TestPeer http(SocketAddress at) throws IOException {
    return new TestPeer(listen(at), true);
  }

  /** An address of this machine with a free port. */
  static InetSocketAddress on(String host) {
    return new InetSocketAddress(host, 0);
  }

  private static ServerSocketChannel listen(SocketAddress at) throws IOException {
    boolean unix = at instanceof UnixDomainSocketAddress;
    ServerSocketChannel server =
        unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
    if (!unix) {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }
    return server.bind(at, 100);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "test-peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        start(() -> serve(connection));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      if (http) {
        answer(connection);
      } else {
        echo(connection);
      }
    } catch (IOException ended) {
      // The other side ended it, which the test looks at from there.
    }
  }

  private void echo(SocketChannel connection) throws IOException {
    String from =
        connection.getRemoteAddress() instanceof InetSocketAddress peer ? host(peer) : "-";
    int port = connection.getLocalAddress() instanceof InetSocketAddress own ? own.getPort() : 0;
    connection.write(ByteBuffer.wrap((port + " " + from + "\n").getBytes(ISO_8859_1)));
    ByteBuffer some = ByteBuffer.allocate(4096);
    while (connection.read(some) >= 0) {
      some.flip();
      connection.write(some);
      some.clear();
    }
  }

  private void answer(SocketChannel connection) throws IOException {
    StringBuilder head = new StringBuilder();
    ByteBuffer some = ByteBuffer.allocate(4096);
    while (connection.read(some) >= 0) {
      head.append(ISO_8859_1.decode(some.flip()));
      some.clear();
      int end = head.indexOf("\r\n\r\n");
      if (end >= 0) {
        String from =
            connection.getRemoteAddress() instanceof InetSocketAddress peer ? host(peer) : "-";
        String body = "From: " + from + "\r\n" + head.substring(0, end + 4);
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        connection.write(ByteBuffer.wrap(answer.getBytes(ISO_8859_1)));
        head.delete(0, end + 4);
      }
    }
  }

  private static String host(InetSocketAddress address) {
    return address.getAddress().getHostAddress();
  }

  /** Where it listens. */
  SocketAddress address() throws IOException {
    return server.getLocalAddress();
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  /** Does not take the file of a Unix socket with it, as a process that crashes does not. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  /** The same, with the file of its Unix socket. */
  void remove() throws IOException {
    UnixDomainSocketAddress at = (UnixDomainSocketAddress) server.getLocalAddress();
    server.close();
    Files.delete(at.getPath());
  }

  /** Connects, sends a text and the end, and gives all that comes. */
  static String talk(SocketAddress to, String text) throws IOException {
    return talk(null, to, text);
  }

  /** The same from an address of ours. */
  static String talk(InetSocketAddress from, SocketAddress to, String text) throws IOException {
    boolean unix = to instanceof UnixDomainSocketAddress;
    try (SocketChannel client =
        unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open()) {
      if (from != null) {
        client.bind(from);
      }
      client.connect(to);
      if (text.length() > 10_000) {
        start(() -> sayQuietly(client, text)); // more than fits between the two
      } else {
        say(client, text);
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      ByteBuffer some = ByteBuffer.allocate(4096);
      while (client.read(some) >= 0) {
        all.write(some.array(), 0, some.position());
        some.clear();
      }
      return all.toString(ISO_8859_1);
    }
  }

  private static void say(SocketChannel client, String text) throws IOException {
    client.write(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
    client.shutdownOutput();
  }

  private static void sayQuietly(SocketChannel client, String text) {
    try {
      say(client, text);
    } catch (IOException broken) {
      // Which whoever reads sees too.
    }
  }

  /** What a backend gets of a request; or the answer, when it is not its. */
  static String get(SocketAddress to) throws IOException {
    return talk(to, "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
  }
}
