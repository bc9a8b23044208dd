package dev.weir.core.net;

import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address that clients of a UDP listener speak to, on one event loop: its socket, and the
 * sessions of those clients. Answers leave from it, so that they come from where the client has
 * sent to. Belongs to that loop.
 */
public final class DatagramPort implements UdpSocket.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(DatagramPort.class);

  private final DatagramListener listener;
  private final DatagramSet set;
  private final UdpSocket socket;
  private final InetSocketAddress address;
  private final boolean rest;
  private final DatagramTable byClient;

  DatagramPort(DatagramListener listener, DatagramSet set, UdpSocket socket, long seed) {
    this.listener = listener;
    this.set = set;
    this.socket = socket;
    address = socket.address();
    rest = address.getAddress().isAnyLocalAddress();
    byClient = new DatagramTable(seed);
  }

  /** The event loop. */
  public LoopContext loop() {
    return set.loop();
  }

  /** The address it is bound to. */
  public InetSocketAddress address() {
    return address;
  }

  /** What the listener does now, which may be another than when a session began. */
  public DatagramHandler handler() {
    return listener.handler();
  }

  void start() {
    socket.start(this);
  }

  long key(InetSocketAddress client) {
    return byClient.key(client);
  }

  // From a client.

  @Override
  public void received(ByteBuffer data, InetSocketAddress from) {
    if (from.getPort() == 0 || listener.owns(from)) {
      handler().dropped(loop(), Drop.BAD_SOURCE);
      return;
    }
    if (rest) {
      listener.strange(loop().now());
    }
    DatagramSession session = byClient.find(from);
    if (session != null && !session.goesOn()) {
      session = null;
    }
    if (session == null) {
      session = begin(from);
    }
    if (session != null) {
      session.received(data);
    }
  }

  private DatagramSession begin(InetSocketAddress client) {
    Gate gate = listener.gate();
    Gate.Pass pass = gate == null ? null : gate.enter(client.getAddress());
    if (pass != null && pass.refusal() != Cause.NONE) {
      boolean one = pass.refusal() == Cause.CLIENT_LIMIT;
      refuse(pass.refusal(), one ? Drop.CLIENT_LIMIT : Drop.LISTENER_LIMIT);
      return null;
    }
    if (!loop().budget().sessionOpened()) {
      if (pass != null) {
        pass.leave();
      }
      refuse(Cause.LOCAL_LIMIT, Drop.LOCAL_LIMIT);
      return null;
    }
    DatagramSession session = handler().begin(this, client);
    session.pass = pass;
    set.add(session);
    byClient.add(session);
    return session;
  }

  private void refuse(Cause why, Drop drop) {
    handler().refused(loop(), why);
    handler().dropped(loop(), drop);
  }

  /** The kernel has an error for a socket that is bound; it is past when it has been told. */
  @Override
  public void failed(IOException failure) {
    LOG.debug("listener {}: {}", listener.name(), failure.getMessage());
  }

  // For sessions.

  /**
   * A socket that hears one backend.
   *
   * @throws IOException when there is no way there, no port or no descriptor
   */
  public UdpSocket connect(InetSocketAddress backend, UdpSocket.Receiver receiver)
      throws IOException {
    return UdpSocket.connected(loop(), listener.transport(), backend, receiver);
  }

  /** Sends to a client; where that cannot be, counts why and returns false. */
  public boolean answer(ByteBuffer data, InetSocketAddress client) {
    try {
      if (socket.transmit(data, client)) {
        return true;
      }
      handler().dropped(loop(), Drop.NO_ROOM);
    } catch (IOException failure) {
      LOG.debug("listener {}: {}: {}", listener.name(), client, failure.getMessage());
      handler().dropped(loop(), Drop.UNSENDABLE);
    }
    return false;
  }

  /** The client's next datagram begins another session; this one goes on with its answers. */
  public void unbind(DatagramSession session) {
    byClient.remove(session);
  }

  /** A session has ended. To be called by it, once. */
  public void ended(DatagramSession session) {
    byClient.remove(session);
    if (set.remove(session)) {
      if (session.pass != null) {
        session.pass.leave();
      }
      loop().budget().sessionClosed();
    }
  }

  /** Whether a session may keep so many bytes more; {@link #forget} gives them back. */
  public boolean keep(int bytes) {
    return set.keep(bytes);
  }

  /** Bytes are kept no more. */
  public void forget(int bytes) {
    set.forget(bytes);
  }

  /** Whether it has no client. */
  boolean idle() {
    return byClient.size() == 0;
  }

  UdpSocket socket() {
    return socket;
  }
}
