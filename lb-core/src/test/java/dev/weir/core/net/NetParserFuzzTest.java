package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weir.core.net.HelloReader.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Parsers of what comes first on a connection, under Jazzer: in a normal test run each replays the
 * inputs in {@code src/test/resources/dev/weir/core/net/NetParserFuzzTestInputs}; with {@code
 * JAZZER_FUZZ=1} in the environment and one method chosen, Jazzer looks for others.
 */
final class NetParserFuzzTest {
  private static final int LIMIT = 2048;

  @FuzzTest
  void clientHello(byte[] data) {
    HelloReader whole = new HelloReader(LIMIT);
    Progress at = whole.look(Unpooled.wrappedBuffer(data));
    HelloReader single = new HelloReader(LIMIT);
    Progress last = Progress.MORE;
    for (int i = 0; i < data.length && last == Progress.MORE; i++) {
      last = single.look(Unpooled.wrappedBuffer(data, i, 1));
    }
    assertThat(last).isEqualTo(at);
    assertThat(single.hello()).isEqualTo(whole.hello());
    if (at == Progress.WHOLE) {
      String name = whole.hello().serverName();
      assertThat(name == null || name.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)*")).isTrue();
      assertThat(whole.hello().protocols()).hasSizeLessThanOrEqualTo(64).doesNotContain("");
    } else {
      assertThat(whole.hello()).isNull();
    }
  }

  @FuzzTest
  void proxyHeader(byte[] data) {
    ProxyHeaderParser whole = new ProxyHeaderParser();
    ByteBuf in = Unpooled.wrappedBuffer(data);
    ProxyHeaderParser.Progress at = whole.take(in);
    ProxyHeaderParser single = new ProxyHeaderParser();
    ProxyHeaderParser.Progress last = ProxyHeaderParser.Progress.MORE;
    int taken = 0;
    for (int i = 0; i < data.length && last == ProxyHeaderParser.Progress.MORE; i++) {
      last = single.take(Unpooled.wrappedBuffer(data, i, 1));
      taken = i + 1;
    }
    assertThat(last).isEqualTo(at);
    if (at == ProxyHeaderParser.Progress.DONE) {
      assertThat(taken).isEqualTo(data.length - in.readableBytes());
      assertThat(ProxyHeaders.verdict(single.addresses(), single.tlvs()))
          .isEqualTo(ProxyHeaders.verdict(whole.addresses(), whole.tlvs()));
    }
  }
}
