package dev.weir.core.net;

import dev.weir.core.config.PoolConfig;
import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.health.Probe;
import dev.weir.core.health.ProbeResult;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Asks whether a TCP connection can be made; it is closed as soon as it stands, or as soon as the
 * PROXY header that the backend expects is written.
 */
public final class TcpProbe implements Probe {
  private final Loops loops;
  private final PoolConfig pool;
  private final ProxyVersion proxy;

  /**
   * Probes on any of these loops.
   *
   * @param pool says from where, and which header connections begin with
   */
  public TcpProbe(Loops loops, PoolConfig pool) {
    this.loops = loops;
    this.pool = pool;
    proxy = ProxyVersion.ofProbes(pool);
  }

  @Override
  public Cancellable ask(
      SocketAddress target, String authority, Duration timeout, Consumer<ProbeResult> done) {
    LoopContext loop = loops.next();
    Question question = new Question(loop, done);
    UpstreamPath path = UpstreamPath.of(pool, target, null);
    loop.loop().execute(() -> question.start(loops.transport(), path, timeout));
    return () -> loop.loop().execute(question::cancel);
  }

  /** One connection; its fields belong to the event loop. */
  private final class Question {
    private final LoopContext loop;
    private final Consumer<ProbeResult> done;
    private ChannelFuture attempt;
    private boolean over;

    Question(LoopContext loop, Consumer<ProbeResult> done) {
      this.loop = loop;
      this.done = done;
    }

    void start(Transport transport, UpstreamPath path, Duration timeout) {
      if (over) {
        return;
      }
      long begun = loop.now();
      attempt =
          UpstreamConnect.start(
              loop, transport, path, timeout, timeout, new ChannelInboundHandlerAdapter());
      attempt.addListener(
          result -> {
            if (result.isSuccess() && proxy != null) {
              introduce(attempt.channel());
            } else {
              end(attempt.channel());
            }
            if (!over) {
              over = true;
              done.accept(
                  new ProbeResult(result.isSuccess(), reason(result.cause()), loop.now() - begun));
            }
          });
    }

    // Without a reset, which would overtake the header.
    private void introduce(Channel channel) {
      channel
          .writeAndFlush(Unpooled.wrappedBuffer(proxy.local()))
          .addListener(ChannelFutureListener.CLOSE);
    }

    void cancel() {
      over = true;
      if (attempt != null) {
        end(attempt.channel());
      }
    }

    // With a reset, as HAProxy does: probes would otherwise fill the port range with TIME_WAIT.
    private void end(Channel channel) {
      if (channel.isActive()) {
        ((SocketChannelConfig) channel.config()).setSoLinger(0);
      }
      channel.close();
    }

    private String reason(Throwable failure) {
      return failure == null ? "connected" : UpstreamConnect.reasonOf(failure);
    }
  }
}
