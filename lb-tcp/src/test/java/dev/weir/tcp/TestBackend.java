package dev.weir.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A backend whose connections the test handles itself, one by one or each by a script. */
final class TestBackend implements AutoCloseable {
  private final ServerSocket server;
  private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();

  /** What to do with a connection; on a thread of its own. */
  interface Script {
    void run(Socket connection) throws IOException;
  }

  /** Connections wait to be taken with {@link #next}. */
  TestBackend() throws IOException {
    this(null);
  }

  /** Each connection is handled by the script. */
  TestBackend(Script script) throws IOException {
    server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    start("backend-accept", () -> acceptAll(script));
  }

  private void acceptAll(Script script) {
    try {
      while (true) {
        Socket connection = server.accept();
        if (script == null) {
          accepted.add(connection);
        } else {
          start("backend-script", () -> run(script, connection));
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void run(Script script, Socket connection) {
    try (connection) {
      script.run(connection);
    } catch (IOException ended) {
      // The other side ended it, which the test looks at from there.
    }
  }

  static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** Whether no connection waits to be taken. */
  boolean untouched() {
    return accepted.isEmpty();
  }

  /** The next connection made to this backend. */
  Socket next() throws InterruptedException, IOException {
    Socket next = accepted.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no connection has come");
    }
    next.setSoTimeout(20_000);
    return next;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket open : accepted) {
      open.close();
    }
  }
}
