package dev.weir.core.net;

import dev.weir.core.backend.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket on one event loop: bound to an address that clients speak to, or connected to a
 * backend, which then alone is heard, with the ICMP errors of its machine. Keeps nothing: what the
 * kernel has no room for is not sent. Not a channel of Netty's, because those neither send nor hear
 * empty datagrams on epoll (netty 4.2.18), and allocate for each one.
 *
 * <p>Opened on any thread; from {@link #start} on it belongs to its event loop.
 */
public abstract class UdpSocket {
  private static final Logger LOG = LoggerFactory.getLogger(UdpSocket.class);

  /** Received at once before other sockets of the loop have their turn. */
  private static final int BATCH = 32;

  /** Taken at most from a socket that is being closed. */
  private static final int LAST = 4096;

  /** Wished for; the kernel gives at most {@code net.core.rmem_max}. */
  private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

  // io_uring and the JDK's selector let go of a closed socket with their next round only.
  private static final long CLOSING_MILLIS = 20;

  private static final List<String> UNREACHABLE =
      List.of("Network is unreachable", "No route to host", "Host is down", "Host is unreachable");

  final LoopContext loop;
  private Receiver receiver;
  private boolean open = true;
  private boolean reading;

  UdpSocket(LoopContext loop) {
    this.loop = loop;
  }

  /** What a socket tells of what comes to it, on its event loop. */
  public interface Receiver {
    /**
     * A datagram, perhaps an empty one.
     *
     * @param data valid during the call
     */
    void received(ByteBuffer data, InetSocketAddress from);

    /** The kernel has an error instead, for a connected socket mostly an ICMP message. */
    void failed(IOException failure);
  }

  /**
   * A socket bound beside those of other loops. Any thread.
   *
   * @throws IOException when it cannot be bound
   */
  static UdpSocket bound(LoopContext loop, Transport transport, InetSocketAddress to)
      throws IOException {
    UdpSocket socket = open(loop, transport, to);
    try {
      socket.bind(to, RECEIVE_BUFFER);
      return socket;
    } catch (IOException | RuntimeException failure) {
      socket.release();
      throw failure;
    }
  }

  /**
   * A socket that speaks with one address only, and hears at once. On its event loop.
   *
   * @throws IOException when there is no way there, no port or no descriptor
   */
  static UdpSocket connected(
      LoopContext loop, Transport transport, InetSocketAddress to, Receiver receiver)
      throws IOException {
    UdpSocket socket = open(loop, transport, to);
    try {
      socket.connect(to);
      socket.start(receiver);
      return socket;
    } catch (IOException failure) {
      socket.release();
      throw failure;
    } catch (RuntimeException failure) {
      socket.release();
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private static UdpSocket open(LoopContext loop, Transport transport, InetSocketAddress like)
      throws IOException {
    return transport == Transport.NIO
        ? NioUdpSocket.open(loop, like.getAddress())
        : NativeUdpSocket.open(loop, transport, like.getAddress());
  }

  abstract void bind(InetSocketAddress to, int receiveBuffer) throws IOException;

  abstract void connect(InetSocketAddress to) throws IOException;

  /** The address it is bound to. */
  abstract InetSocketAddress address();

  /** Registers with the event loop, on it. */
  abstract void register();

  /** Hears no more. */
  abstract void pause();

  /** Takes a datagram; null when none is there. */
  abstract InetSocketAddress receive(ByteBuffer into) throws IOException;

  /** Gives a datagram to the kernel; false when it has no room. {@code to} null: as connected. */
  abstract boolean transmit(ByteBuffer data, InetSocketAddress to) throws IOException;

  /** Closes, registered or not. */
  abstract void release();

  /** Begins to hear. On the event loop. */
  final void start(Receiver by) {
    receiver = by;
    reading = true;
    register();
  }

  /**
   * Sends to the address it is connected to.
   *
   * @return false when the kernel has no room; the datagram is lost then
   * @throws IOException also for an earlier datagram; this one is not sent then
   */
  public final boolean send(ByteBuffer data) throws IOException {
    return transmit(data, null);
  }

  /** Something is there, or an error. */
  final void readable() {
    take(BATCH);
  }

  private void take(int most) {
    // Counts tries, not successes: an error that stays must not spin.
    for (int tries = 0; tries < most && reading; tries++) {
      if (!takeOne()) {
        return;
      }
    }
  }

  private boolean takeOne() {
    try {
      ByteBuffer space = loop.datagrams().received();
      InetSocketAddress from = receive(space);
      if (from != null) {
        receiver.received(space.flip(), from);
      }
      return from != null;
    } catch (IOException failure) {
      if (reading) {
        receiver.failed(failure);
      }
    } catch (RuntimeException defect) {
      LOG.error("a datagram could not be handled", defect);
    }
    return reading;
  }

  /** Takes what waits, then hears no more; may still send. */
  final void stop() {
    if (reading) {
      take(LAST);
      reading = false;
      pause();
    }
  }

  /** Closes at once; repeatable. On the event loop. */
  public final void close() {
    if (open) {
      open = false;
      reading = false;
      release();
    }
  }

  final boolean hears() {
    return reading;
  }

  /** Closes and says when the address is free. On the event loop. */
  final CompletableFuture<Void> closeFully() {
    close();
    CompletableFuture<Void> free = new CompletableFuture<>();
    try {
      loop.loop().schedule(() -> free.complete(null), CLOSING_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException ended) {
      free.complete(null);
    }
    return free;
  }

  /** What an error says of the backend that a socket is connected to. */
  public static Outcome outcomeOf(IOException failure) {
    if (failure instanceof PortUnreachableException) {
      return Outcome.REFUSED;
    }
    String message = String.valueOf(failure.getMessage());
    if (message.contains("Connection refused")) {
      return Outcome.REFUSED;
    }
    boolean nowhere =
        failure instanceof NoRouteToHostException
            || UNREACHABLE.stream().anyMatch(message::contains);
    return nowhere ? Outcome.UNREACHABLE : Outcome.LOCAL;
  }
}
