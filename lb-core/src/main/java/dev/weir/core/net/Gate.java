package dev.weir.core.net;

import dev.weir.core.observe.Cause;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides which connections a listener takes; there is one only where a limit is configured. When
 * limits change the counts stay. Connections that were open before the first limit are not counted.
 * Asked by all event loops; no locks.
 */
final class Gate {
  private final ConnectionLimits limits;
  private final AtomicInteger open;
  private final ClientTable clients;

  private Gate(ConnectionLimits limits, AtomicInteger open, ClientTable clients) {
    this.limits = limits;
    this.open = open;
    this.clients = clients;
  }

  /**
   * A gate for these limits.
   *
   * @param before whose counts go on; may be null
   * @return null when there is no limit
   */
  static Gate of(ConnectionLimits limits, Gate before, Loops loops) {
    if (limits.none()) {
      return null;
    }
    AtomicInteger open = before == null ? new AtomicInteger() : before.open;
    ClientTable clients = before == null ? null : before.clients;
    if (clients == null && limits.perClient() > 0) {
      clients = new ClientTable(loops.budget().maxConnections(), loops.seed());
    }
    return new Gate(limits, open, clients);
  }

  /** Takes a connection in, {@link Cause#NONE}, until it closes; or says why not. */
  Cause enter(Channel child) {
    Pass pass =
        enter(child.remoteAddress() instanceof InetSocketAddress peer ? peer.getAddress() : null);
    if (pass.refusal == Cause.NONE) {
      child.closeFuture().addListener(pass);
    }
    return pass.refusal;
  }

  /**
   * Takes something of a client in, until its {@link Pass#leave}; or says why not.
   *
   * @param client null: not known, and not counted as a client
   */
  Pass enter(InetAddress client) {
    if (open.incrementAndGet() > limits.most() && limits.most() > 0) {
      open.decrementAndGet();
      return Pass.NO_ROOM;
    }
    int place = ClientTable.UNCOUNTED;
    if (limits.perClient() > 0 && client != null) {
      long key = clients.key(client, limits.prefix4(), limits.prefix6());
      place = clients.enter(key, limits.perClient());
      if (place == ClientTable.REFUSED) {
        open.decrementAndGet();
        return Pass.ENOUGH_FOR_CLIENT;
      }
    }
    return new Pass(Cause.NONE, open, clients, place);
  }

  /** What is given back at the end of what was let in; nothing where it was refused. */
  record Pass(Cause refusal, AtomicInteger open, ClientTable clients, int place)
      implements ChannelFutureListener {
    private static final Pass NO_ROOM = new Pass(Cause.LISTENER_LIMIT, null, null, 0);
    private static final Pass ENOUGH_FOR_CLIENT = new Pass(Cause.CLIENT_LIMIT, null, null, 0);

    @Override
    public void operationComplete(ChannelFuture closed) {
      leave();
    }

    /** To be called once, when it was let in. */
    void leave() {
      open.decrementAndGet();
      if (place >= 0) {
        clients.leave(place);
      }
    }
  }
}
