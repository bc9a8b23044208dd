package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.net.HelloReader.Progress;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The name that Netty finds in a ClientHello, beside ours: what we read, it reads the same. */
class HelloDifferentialTest {
  /** Remembers the name that it is asked to look up. */
  private static final class Asked extends AbstractSniHandler<Void> {
    private boolean called;
    private String name;

    Asked() {
      super(16 * 1024, 0);
    }

    @Override
    protected Future<Void> lookup(ChannelHandlerContext ctx, String hostname) {
      called = true;
      name = hostname;
      return ctx.executor().newSucceededFuture(null);
    }

    @Override
    protected void onLookupComplete(
        ChannelHandlerContext ctx, String hostname, Future<Void> future) {}
  }

  /** Null when it finds no hello; without a name it is empty. */
  private static String nettys(byte[] input) {
    Asked asked = new Asked();
    EmbeddedChannel channel = new EmbeddedChannel(asked);
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(input));
    } catch (DecoderException refused) {
      return null;
    } finally {
      channel.finishAndReleaseAll();
    }
    return asked.called ? (asked.name == null ? "" : asked.name) : null;
  }

  @Test
  void whatWeReadNettyReadsTheSame() {
    SplittableRandom random = new SplittableRandom(9);
    byte[][] valid = {
      Hellos.real("a.test", List.of("h2", "http/1.1"), "TLSv1.3"),
      Hellos.real("b.a.test", List.of(), "TLSv1.2"),
      Hellos.real(null, List.of(), "TLSv1.3"),
      Hellos.of("A.Test.", "h2"),
      Hellos.records(Hellos.unwrapped(Hellos.of("a.b.test")), 40)
    };
    int named = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] input = valid[i % valid.length].clone();
      for (int changes = i < valid.length ? 0 : random.nextInt(1, 4); changes > 0; changes--) {
        input[random.nextInt(input.length)] = (byte) random.nextInt(256);
      }
      HelloReader reader = new HelloReader(16 * 1024);
      if (reader.look(Unpooled.wrappedBuffer(input)) == Progress.WHOLE) {
        String nettys = nettys(input);
        String ours = reader.hello().serverName();
        if (ours != null && nettys != null) {
          named++;
          assertThat(nettys).isIn(ours, ours + ".");
        }
      }
    }
    assertThat(named).isGreaterThan(1_000);
  }
}
