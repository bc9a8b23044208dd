package dev.weir.http;

import dev.weir.core.config.HealthConfig;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.control.ControlLoop.Cancellable;
import dev.weir.core.health.Probe;
import dev.weir.core.health.ProbeResult;
import dev.weir.core.net.Deadline;
import dev.weir.core.net.LoopContext;
import dev.weir.core.net.Loops;
import dev.weir.core.net.ProxyVersion;
import dev.weir.core.net.Transport;
import dev.weir.core.net.UpstreamConnect;
import dev.weir.core.net.UpstreamPath;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Asks by a GET on a connection of its own, reads the response head (at most 8 KiB) and closes. It
 * does not follow redirects. Serves any number of backends at once.
 */
final class HttpProbe implements Probe {
  private static final HeadParser PARSER = HeadParser.responses(8 * 1024, 100);

  private final Loops loops;
  private final HealthConfig.Http config;
  private final StatusSet expected;
  private final PoolConfig pool;
  private final byte[] introduction;

  /**
   * A probe.
   *
   * @param pool says from where, and which header connections begin with
   */
  HttpProbe(Loops loops, PoolConfig pool, StatusSet expected) {
    this.loops = loops;
    this.pool = pool;
    this.expected = expected;
    config = pool.health().http();
    ProxyVersion proxy = ProxyVersion.ofProbes(pool);
    introduction = proxy == null ? new byte[0] : proxy.local();
  }

  @Override
  public Cancellable ask(
      SocketAddress target, String authority, Duration timeout, Consumer<ProbeResult> done) {
    LoopContext loop = loops.next();
    Question question = new Question(loop, request(authority), timeout, done);
    UpstreamPath path = UpstreamPath.of(pool, target, null);
    loop.loop().execute(() -> question.start(loops.transport(), path));
    return () -> loop.loop().execute(question::cancel);
  }

  private byte[] request(String authority) {
    StringBuilder text = new StringBuilder();
    text.append("GET ").append(config.path()).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(config.host() == null ? authority : config.host());
    text.append("\r\nUser-Agent: weir-health\r\nConnection: close\r\n");
    for (Map.Entry<String, String> field : config.headers().entrySet()) {
      text.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
    }
    return Chars.bytes(text.append("\r\n").toString());
  }

  /** One probe; its fields belong to the event loop. */
  private final class Question extends ChannelInboundHandlerAdapter {
    private final LoopContext loop;
    private final byte[] request;
    private final Duration timeout;
    private final Consumer<ProbeResult> done;
    private final Head head = new Head(new HeadSpace());
    private final Deadline deadline =
        new Deadline() {
          @Override
          protected void expired() {
            end(false, "no answer within " + timeout.toMillis() + " ms");
          }
        };
    private ChannelFuture attempt;
    private long begun;
    private boolean over;

    Question(LoopContext loop, byte[] request, Duration timeout, Consumer<ProbeResult> done) {
      this.loop = loop;
      this.request = request;
      this.timeout = timeout;
      this.done = done;
      head.clear();
    }

    void start(Transport transport, UpstreamPath path) {
      if (over) {
        return;
      }
      begun = loop.now();
      loop.wheel().arm(deadline, timeout.toNanos());
      attempt = UpstreamConnect.start(loop, transport, path, timeout, timeout, this);
      attempt.addListener(
          result -> {
            if (result.isSuccess()) {
              Channel channel = attempt.channel();
              ByteBuf out = channel.alloc().directBuffer(introduction.length + request.length);
              channel.writeAndFlush(out.writeBytes(introduction).writeBytes(request));
            } else {
              end(false, UpstreamConnect.reasonOf(result.cause()));
            }
          });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      try {
        while (!over && PARSER.read(head, in)) {
          if (head.fault != null) {
            end(false, "not an HTTP answer: " + head.fault.text);
          } else if (head.status < 200) {
            head.clear();
          } else {
            end(expected.contains(head.status), "status " + head.status);
          }
        }
      } finally {
        in.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      end(false, "closed without an answer");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      // The backend has ended its side: nothing more will come.
      end(false, "closed without an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      end(false, "connection broke off");
    }

    void cancel() {
      if (!over) {
        over = true;
        close();
      }
    }

    private void end(boolean success, String reason) {
      if (!over) {
        over = true;
        close();
        done.accept(new ProbeResult(success, reason, loop.now() - begun));
      }
    }

    private void close() {
      loop.wheel().disarm(deadline);
      if (attempt != null) {
        Channel channel = attempt.channel();
        if (channel.isActive()) {
          // With a reset: probes would otherwise fill the port range with TIME_WAIT.
          channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
      }
    }
  }
}
