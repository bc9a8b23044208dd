package dev.weir.udp;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Lease;
import dev.weir.core.backend.Outcome;
import dev.weir.core.balance.PickContext;
import dev.weir.core.net.ClientAddress;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.UdpSocket;
import dev.weir.core.observe.Cause;
import dev.weir.core.pool.Pool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session is bound to: a backend, a lease of it, and a socket that hears it alone; another
 * one when that fails, as often as the pool allows. Waits for nobody: where all are full there is
 * none. Belongs to the session's event loop.
 */
final class Binding implements PickContext, UdpSocket.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(Binding.class);

  private final UdpSession session;
  private final Pool pool;
  private final LoopContext loop;

  private int made;
  private Backend backend;
  private InetSocketAddress address;
  private boolean kept;
  private Lease lease;
  private UdpSocket socket;
  private List<Backend> tried = List.of();
  private Cause nothingLeft = Cause.NO_BACKEND;

  Binding(UdpSession session, Pool pool, LoopContext loop) {
    this.session = session;
    this.pool = pool.serving();
    this.loop = loop;
  }

  /** The session's, or another one that stands in. */
  Pool pool() {
    return pool;
  }

  /** Binds to a backend that was not tried before; false when there is none, see {@link #why}. */
  boolean bind() {
    while (made <= pool.config().retries()) {
      Backend choice = choose();
      if (choice == null) {
        return false;
      }
      made++;
      backend = choice;
      // Others than these are refused where a udp listener leads.
      address = choice.socketAddress() instanceof InetSocketAddress at ? at : null;
      kept = choice.keeps();
      try {
        if (address != null) {
          socket = session.port().connect(address, this);
          return true;
        }
        lost(Outcome.UNREACHABLE);
      } catch (IOException failure) {
        LOG.debug("{}: {}", backend, failure.getMessage());
        lost(UdpSocket.outcomeOf(failure));
      }
    }
    return false;
  }

  private Backend choose() {
    int before = tried.size();
    Backend choice = pool.pick(this);
    while (choice != null) {
      lease = choice.tryLease();
      if (lease != null) {
        break;
      }
      // No room there: not tried, but not to be picked again just now.
      markTried(choice);
      choice = pool.pick(this);
    }
    if (choice == null && tried.size() > before) {
      nothingLeft = Cause.QUEUE_FULL;
    }
    while (tried.size() > before) {
      tried.remove(tried.size() - 1);
    }
    return choice;
  }

  /** The backend is not there; another may be. */
  void lost(Outcome outcome) {
    nothingLeft = outcome == Outcome.LOCAL ? Cause.LOCAL_LIMIT : Cause.CONNECT_FAILED;
    markTried(backend);
    end(outcome);
  }

  /** Gives back what is held. */
  void end(Outcome outcome) {
    if (socket != null) {
      socket.close();
      socket = null;
    }
    if (lease != null) {
      lease.end(outcome, true, clientHash());
    }
  }

  /** Whether the backend has been found down, sent away or moved since. */
  boolean stale() {
    return socket != null
        && ((kept && !backend.keeps()) || !address.equals(backend.socketAddress()));
  }

  boolean bound() {
    return socket != null;
  }

  /** Why there is no backend. */
  Cause why() {
    return nothingLeft;
  }

  /**
   * Sends to the backend.
   *
   * @return false when the kernel has no room
   * @throws IOException also for an earlier datagram; this one is not sent then
   */
  boolean send(ByteBuffer data) throws IOException {
    return socket.send(data);
  }

  @Override
  public void received(ByteBuffer data, InetSocketAddress from) {
    session.answered(data);
  }

  @Override
  public void failed(IOException failure) {
    LOG.debug("{}: {}", backend, failure.getMessage());
    Outcome outcome = UdpSocket.outcomeOf(failure);
    if (outcome != Outcome.LOCAL) {
      session.unreachable(outcome, null);
    }
  }

  /** The backend of the last attempt; null when there was none. */
  Backend backend() {
    return backend;
  }

  /** Backends tried. */
  int made() {
    return made;
  }

  // What pickers may know.

  @Override
  public boolean tried(Backend candidate) {
    return !tried.isEmpty() && tried.contains(candidate);
  }

  private void markTried(Backend done) {
    if (tried.isEmpty()) {
      tried = new ArrayList<>(4);
    }
    tried.add(done);
  }

  @Override
  public long hash() {
    return ClientAddress.hash(session.client());
  }

  private int clientHash() {
    long hash = hash();
    return (int) (hash ^ (hash >>> 32));
  }

  @Override
  public RandomGenerator random() {
    return loop.random();
  }
}
