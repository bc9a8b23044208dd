package dev.weir.server.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A TCP server of the demo: it sends every line back, with its name in front. */
public final class EchoBackend implements AutoCloseable {
  private static final int CONNECTIONS = 64;

  private final String name;
  private final ServerSocket socket;
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0, CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Daemon::new);

  /** Starts it on a free port of the loopback address. */
  public EchoBackend(String name) throws IOException {
    this.name = name;
    socket = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    new Daemon(this::accept).start();
  }

  /** What it says in its answers. */
  public String name() {
    return name;
  }

  /** Where it listens on the loopback address. */
  public int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    try {
      while (!socket.isClosed()) {
        Socket connection = socket.accept();
        try {
          threads.execute(() -> serve(connection));
        } catch (RejectedExecutionException full) {
          connection.close();
        }
      }
    } catch (IOException closed) {
      threads.shutdownNow();
    }
  }

  private void serve(Socket connection) {
    try (connection;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter out =
            new PrintWriter(connection.getOutputStream(), true, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(name + ": " + line);
      }
    } catch (IOException gone) {
      // The client or a probe has left; there is nobody to tell.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
