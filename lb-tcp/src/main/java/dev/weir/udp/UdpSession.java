package dev.weir.udp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Outcome;
import dev.weir.core.net.ClientAddress;
import dev.weir.core.net.DatagramPort;
import dev.weir.core.net.DatagramSession;
import dev.weir.core.net.Deadline;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.UdpSocket;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.Drop;
import dev.weir.core.observe.EndSummary;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One UDP session: begun by a client's datagram, bound to a backend (to another one, as long as
 * nothing was answered and nobody is there), datagrams passed on both ways, ended.
 *
 * <p>Until there is an answer the last datagram is kept: the ICMP message that says that nobody
 * listens comes behind it, and it goes to the next backend then. Made by its listener's port, used
 * on one event loop, read by pickers and observers.
 */
final class UdpSession extends DatagramSession implements EndSummary {
  private final LoopContext loop;
  private final Binding binding;
  private final long startNanos;
  private final Deadline idle =
      new Deadline() {
        @Override
        protected void expired() {
          timeIsUp();
        }
      };

  private UdpService service;
  private byte[] kept;
  private long datagramsIn;
  private long bytesIn;
  private long answers;
  private long datagramsOut;
  private long bytesOut;
  private boolean draining;
  private Cause cause;
  private long endNanos;

  UdpSession(DatagramPort port, InetSocketAddress client, UdpService service) {
    super(port, client);
    this.service = service;
    loop = port.loop();
    binding = new Binding(this, service.pool(), loop);
    startNanos = loop.now();
  }

  // From the client.

  @Override
  protected void received(ByteBuffer data) {
    datagramsIn++;
    bytesIn += data.remaining();
    if (datagramsIn == 1) {
      service.observer().connectionOpened(loop(), listener());
      if (!binding.bind()) {
        drop(Drop.NO_BACKEND);
        end(binding.why(), Outcome.LOCAL);
        return;
      }
    }
    loop.wheel().arm(idle, service.idleNanos());
    forward(data);
    if (cause == null && service.full(datagramsIn)) {
      port().unbind(this);
      if (service.silent()) {
        end(Cause.NONE, Outcome.LOCAL);
      }
    }
  }

  private void forward(ByteBuffer data) {
    try {
      if (binding.send(data)) {
        keep(data);
      } else {
        drop(Drop.NO_ROOM);
      }
    } catch (IOException failure) {
      Outcome outcome = UdpSocket.outcomeOf(failure);
      if (outcome == Outcome.LOCAL) {
        drop(Drop.UNSENDABLE);
      } else {
        unreachable(outcome, data);
      }
    }
  }

  private void keep(ByteBuffer data) {
    forget();
    if (answers == 0 && port().keep(data.remaining())) {
      kept = new byte[data.remaining()];
      data.duplicate().get(kept);
    }
  }

  private byte[] forget() {
    byte[] was = kept;
    if (was != null) {
      port().forget(was.length);
      kept = null;
    }
    return was;
  }

  // From the backend, or from its machine.

  void answered(ByteBuffer data) {
    if (service.silent()) {
      drop(Drop.UNEXPECTED);
      return;
    }
    answers++;
    forget();
    loop.wheel().arm(idle, service.idleNanos());
    int bytes = data.remaining();
    if (service.amplifies(bytesIn, bytesOut + bytes)) {
      drop(Drop.AMPLIFICATION);
    } else if (port().answer(data, client())) {
      datagramsOut++;
      bytesOut += bytes;
    }
    long due = service.due(datagramsIn);
    if (due > 0 && answers >= due) {
      end(Cause.NONE, Outcome.OK);
    }
  }

  /**
   * Nobody is there.
   *
   * @param inHand what could not be sent for it; null when it was heard of otherwise
   */
  void unreachable(Outcome outcome, ByteBuffer inHand) {
    if (answers > 0) {
      end(Cause.BACKEND_RESET, outcome);
      if (inHand != null) {
        port().received(inHand, client());
      }
      return;
    }
    byte[] again = forget();
    binding.lost(outcome);
    if (!binding.bind()) {
      lose(again != null);
      lose(inHand != null);
      end(binding.why(), Outcome.LOCAL);
      return;
    }
    if (again != null) {
      forward(ByteBuffer.wrap(again));
    }
    if (inHand != null && cause == null) {
      forward(inHand);
    } else {
      lose(inHand != null);
    }
  }

  private void lose(boolean any) {
    if (any) {
      drop(Drop.NO_BACKEND);
    }
  }

  private void drop(Drop why) {
    service.dropped(loop, why);
  }

  // Whether it goes on.

  @Override
  protected boolean goesOn() {
    UdpService now = (UdpService) port().handler();
    if (now.pool() != service.pool() || binding.stale()) {
      end(Cause.NONE, outcome());
      return false;
    }
    service = now;
    return true;
  }

  @Override
  protected void check() {
    if (!draining) {
      goesOn();
    } else if (binding.stale()) {
      end(Cause.SHUTDOWN, outcome());
    }
  }

  // Ended: by its answers, by silence, by us.

  private void timeIsUp() {
    if (answers == 0 && service.due(datagramsIn) > 0) {
      end(Cause.BACKEND_TIMEOUT, Outcome.TIMEOUT);
    } else {
      end(Cause.IDLE_TIMEOUT, outcome());
    }
  }

  private Outcome outcome() {
    return answers > 0 ? Outcome.OK : Outcome.LOCAL;
  }

  @Override
  protected void drain() {
    draining = true;
    if (answers >= service.due(datagramsIn)) {
      end(Cause.SHUTDOWN, outcome());
    }
  }

  @Override
  protected void abort() {
    end(Cause.SHUTDOWN, outcome());
  }

  private void end(Cause why, Outcome outcome) {
    if (cause != null) {
      return;
    }
    cause = why;
    endNanos = loop.now();
    loop.wheel().disarm(idle);
    forget();
    binding.end(outcome);
    port().ended(this);
    service.observer().sessionEnded(this);
    service.observer().connectionClosed(loop(), listener(), why);
  }

  // What is known of it.

  @Override
  public int loop() {
    return loop.index();
  }

  @Override
  public String listener() {
    return service.listener();
  }

  @Override
  public String pool() {
    return binding.pool().name();
  }

  @Override
  public Backend backend() {
    return binding.backend();
  }

  @Override
  public int attempts() {
    return binding.made();
  }

  @Override
  public int status() {
    return 0;
  }

  @Override
  public Cause cause() {
    return cause;
  }

  @Override
  public By endedBy() {
    long due = service.due(datagramsIn);
    return switch (cause) {
      case IDLE_TIMEOUT, BACKEND_TIMEOUT -> By.SILENCE;
      case BACKEND_RESET -> By.BACKEND_RESET;
      case NONE -> due > 0 && answers >= due ? By.BACKEND_END : By.PROXY;
      default -> By.PROXY;
    };
  }

  @Override
  public long bytesIn() {
    return bytesIn;
  }

  @Override
  public long bytesOut() {
    return bytesOut;
  }

  @Override
  public long datagramsIn() {
    return datagramsIn;
  }

  @Override
  public long datagramsOut() {
    return datagramsOut;
  }

  @Override
  public long startNanos() {
    return startNanos;
  }

  @Override
  public long endNanos() {
    return endNanos;
  }

  @Override
  public int copy(Text text, byte[] into) {
    if (text != Text.CLIENT) {
      return -1;
    }
    byte[] address = ClientAddress.text(client()).getBytes(US_ASCII);
    int length = Math.min(address.length, into.length);
    System.arraycopy(address, 0, into, 0, length);
    return length;
  }
}
