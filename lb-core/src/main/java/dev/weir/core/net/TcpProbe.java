package dev.weir.core.net;

import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.health.Probe;
import dev.weir.core.health.ProbeResult;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks whether a TCP connection can be made; it is closed as soon as it stands. */
public final class TcpProbe implements Probe {
  private final Loops loops;

  /** Probes on any of these loops. */
  public TcpProbe(Loops loops) {
    this.loops = loops;
  }

  @Override
  public Cancellable ask(
      InetSocketAddress target, String authority, Duration timeout, Consumer<ProbeResult> done) {
    LoopContext loop = loops.next();
    Question question = new Question(loop, done);
    loop.loop().execute(() -> question.start(loops.transport(), target, timeout));
    return () -> loop.loop().execute(question::cancel);
  }

  /** One connection; its fields belong to the event loop. */
  private static final class Question {
    private final LoopContext loop;
    private final Consumer<ProbeResult> done;
    private ChannelFuture attempt;
    private boolean over;

    Question(LoopContext loop, Consumer<ProbeResult> done) {
      this.loop = loop;
      this.done = done;
    }

    void start(Transport transport, InetSocketAddress target, Duration timeout) {
      if (over) {
        return;
      }
      long begun = loop.now();
      attempt =
          UpstreamConnect.start(
              loop, transport, target, timeout, new ChannelInboundHandlerAdapter());
      attempt.addListener(
          result -> {
            end(attempt.channel());
            if (!over) {
              over = true;
              done.accept(
                  new ProbeResult(result.isSuccess(), reason(result.cause()), loop.now() - begun));
            }
          });
    }

    void cancel() {
      over = true;
      if (attempt != null) {
        end(attempt.channel());
      }
    }

    // With a reset, as HAProxy does: probes would otherwise fill the port range with TIME_WAIT.
    private static void end(Channel channel) {
      if (channel.isActive()) {
        ((SocketChannelConfig) channel.config()).setSoLinger(0);
      }
      channel.close();
    }

    private static String reason(Throwable failure) {
      return failure == null ? "connected" : UpstreamConnect.reasonOf(failure);
    }
  }
}
