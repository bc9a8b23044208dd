package dev.weir.udp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A backend that answers each datagram as it is told, and remembers what has come from where. */
final class UdpBackend implements AutoCloseable {
  private final DatagramSocket socket;
  private final Script script;
  private final Thread thread;
  final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
  final Queue<InetSocketAddress> from = new ConcurrentLinkedQueue<>();

  /** What is sent back for a datagram. */
  interface Script {
    List<byte[]> answers(byte[] data);
  }

  UdpBackend(Script script) throws IOException {
    this(script, 0);
  }

  UdpBackend(Script script, int port) throws IOException {
    this.script = script;
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setReceiveBufferSize(4 << 20);
    thread = new Thread(this::run, "udp-backend");
    thread.setDaemon(true);
    thread.start();
  }

  /** Sends back what has come. */
  static UdpBackend echo() throws IOException {
    return new UdpBackend(List::of);
  }

  /** Says its name before what has come. */
  static UdpBackend named(String name) throws IOException {
    return new UdpBackend(data -> List.of((name + ":" + new String(data, UTF_8)).getBytes(UTF_8)));
  }

  static UdpBackend silent() throws IOException {
    return new UdpBackend(data -> List.of());
  }

  private void run() {
    byte[] buffer = new byte[65_536];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] data = Arrays.copyOf(buffer, packet.getLength());
        received.add(data);
        from.add((InetSocketAddress) packet.getSocketAddress());
        for (byte[] answer : script.answers(data)) {
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException closed) {
      // The test is over, or wants nobody here.
    }
  }

  /** Sends something that was not asked for. */
  void send(String data, InetSocketAddress to) throws IOException {
    byte[] bytes = data.getBytes(UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Nobody listens any more when this returns: a thread that receives holds the port. */
  @Override
  public void close() throws InterruptedException {
    socket.close();
    thread.join(10_000);
  }
}
