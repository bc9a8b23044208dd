package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.PoolConfig;
import dev.weir.core.net.ProxyHeaderParser.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** PROXY headers as Netty's codec reads and writes them, beside ours: both mean the same. */
class ProxyCodecTest {
  private static final InetSocketAddress FOUR = new InetSocketAddress("192.0.2.1", 56_324);
  private static final InetSocketAddress SIX = new InetSocketAddress("2001:db8::1", 443);
  private static final List<String> KINDS = List.of("authority", "alpn", "unique-id", "crc32c");

  /** In the words of the corpus; null when it is refused, or not all there. */
  private static String ours(byte[] header) {
    ProxyHeaderParser parser = new ProxyHeaderParser();
    return parser.take(Unpooled.wrappedBuffer(header)) == Progress.DONE
        ? ProxyHeaders.verdict(parser.addresses(), parser.tlvs())
        : null;
  }

  private static String nettys(byte[] header) {
    EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder(4096));
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(header));
      Object read = channel.readInbound();
      return read instanceof HAProxyMessage message ? verdict(message) : null;
    } catch (DecoderException refused) {
      return null;
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private static String verdict(HAProxyMessage message) {
    try {
      HAProxyProxiedProtocol protocol = message.proxiedProtocol();
      boolean stream =
          protocol == HAProxyProxiedProtocol.TCP4 || protocol == HAProxyProxiedProtocol.TCP6;
      ProxiedAddresses addresses =
          message.command() == HAProxyCommand.PROXY && stream
              ? new ProxiedAddresses(
                  address(message.sourceAddress(), message.sourcePort()),
                  address(message.destinationAddress(), message.destinationPort()))
              : null;
      return ProxyHeaders.verdict(addresses, ProxyTlvs.NONE)
          + tlv(message, 1, "; alpn=")
          + tlv(message, 2, "; authority=")
          + tlv(message, 5, "; id=");
    } finally {
      message.release();
    }
  }

  // Netty has no name for the unique id.
  private static String tlv(HAProxyMessage message, int type, String key) {
    for (HAProxyTLV tlv : message.tlvs()) {
      byte[] value = ByteBufUtil.getBytes(tlv.content());
      boolean passedOver = value.length == 0 || (type == 1 && value.length > 255);
      if (tlv.typeByteValue() == type && !passedOver) {
        return key + ProxyHeaders.shown(value);
      }
    }
    return "";
  }

  private static InetSocketAddress address(String text, int port) {
    return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(text), port);
  }

  private static byte[] written(HAProxyMessage message) {
    EmbeddedChannel channel = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
    channel.writeOutbound(message);
    ByteBuf out = channel.readOutbound();
    byte[] bytes = ByteBufUtil.getBytes(out);
    out.release();
    channel.finishAndReleaseAll();
    return bytes;
  }

  private static HAProxyTLV tlv(HAProxyTLV.Type type, String value) {
    return new HAProxyTLV(type, Unpooled.copiedBuffer(value, UTF_8));
  }

  @Test
  void whatNettyWritesIsRead() {
    for (HAProxyProtocolVersion version : HAProxyProtocolVersion.values()) {
      assertThat(
              ours(
                  written(
                      new HAProxyMessage(
                          version,
                          HAProxyCommand.PROXY,
                          HAProxyProxiedProtocol.TCP4,
                          "192.0.2.1",
                          "198.51.100.2",
                          56_324,
                          443))))
          .isEqualTo("192.0.2.1 56324 > 198.51.100.2 443");
      assertThat(
              ours(
                  written(
                      new HAProxyMessage(
                          version,
                          HAProxyCommand.PROXY,
                          HAProxyProxiedProtocol.TCP6,
                          "2001:db8::1",
                          "::1",
                          1,
                          65_535))))
          .isEqualTo("2001:db8::1 1 > ::1 65535");
    }
  }

  @Test
  void whatNettyWritesBesideAddressesIsRead() {
    List<HAProxyTLV> tlvs =
        List.of(
            tlv(HAProxyTLV.Type.PP2_TYPE_ALPN, "h2"),
            tlv(HAProxyTLV.Type.PP2_TYPE_AUTHORITY, "b\u00fccher.test"),
            tlv(HAProxyTLV.Type.PP2_TYPE_NETNS, "blue"),
            new HAProxyTLV((byte) 0xea, Unpooled.copiedBuffer("other", UTF_8)),
            new HAProxyTLV((byte) 5, Unpooled.copiedBuffer("id-7", UTF_8)));
    assertThat(
            ours(
                written(
                    new HAProxyMessage(
                        HAProxyProtocolVersion.V2,
                        HAProxyCommand.PROXY,
                        HAProxyProxiedProtocol.TCP4,
                        "192.0.2.1",
                        "198.51.100.2",
                        1,
                        2,
                        tlvs))))
        .isEqualTo(
            "192.0.2.1 1 > 198.51.100.2 2; alpn=h2; authority=b\\xc3\\xbccher.test; id=id-7");
  }

  @Test
  void whatNettyWritesOfNobodysConnectionsIsRead() {
    for (HAProxyProxiedProtocol protocol :
        List.of(HAProxyProxiedProtocol.UDP4, HAProxyProxiedProtocol.UNKNOWN)) {
      boolean unknown = protocol == HAProxyProxiedProtocol.UNKNOWN;
      String address = unknown ? null : "192.0.2.1";
      assertThat(
              ours(
                  written(
                      new HAProxyMessage(
                          HAProxyProtocolVersion.V2,
                          unknown ? HAProxyCommand.LOCAL : HAProxyCommand.PROXY,
                          protocol,
                          address,
                          address,
                          0,
                          0))))
          .isEqualTo("nobody");
    }
    assertThat(
            ours(
                written(
                    new HAProxyMessage(
                        HAProxyProtocolVersion.V2,
                        HAProxyCommand.PROXY,
                        HAProxyProxiedProtocol.UNIX_STREAM,
                        "/run/one",
                        "/run/other",
                        0,
                        0))))
        .isEqualTo("nobody");
  }

  @Test
  void whatWeWriteNettyReads() {
    ProxyTlvs tlvs =
        ProxyTlvs.NONE
            .with(new ClientHello("a.test", List.of("h2")))
            .identified(new SplittableRandom(3));
    for (ProxyVersion version : ProxyVersion.values()) {
      for (InetSocketAddress source : List.of(FOUR, SIX)) {
        for (InetSocketAddress destination : List.of(FOUR, SIX)) {
          byte[] header = version.header(source, destination);
          assertThat(nettys(header)).isNotNull().isEqualTo(ours(header));
          if (version == ProxyVersion.V2) {
            byte[] more = tlvs.behind(header, KINDS);
            assertThat(nettys(more))
                .isEqualTo(ours(more))
                .matches(".*; alpn=h2; authority=a.test; id=[0-9a-f]{32}");
          }
        }
      }
      assertThat(nettys(version.local())).isEqualTo("nobody");
    }
  }

  @Test
  void whatBothAcceptMeansTheSame() {
    RandomGenerator random = new SplittableRandom(11);
    List<byte[]> valid = new ArrayList<>();
    for (ProxyHeaders header : ProxyHeaders.all()) {
      if (!header.bad() && !header.isShort() && header.bytes().length < 400) {
        valid.add(header.bytes());
      }
    }
    int both = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] input = valid.get(i % valid.size()).clone();
      for (int changes = i < valid.size() ? 0 : random.nextInt(1, 4); changes > 0; changes--) {
        input[random.nextInt(input.length)] = (byte) random.nextInt(256);
      }
      String ours = ours(input);
      String nettys = ours == null ? null : nettys(input);
      if (nettys != null) {
        both++;
        assertThat(ours).as(() -> new String(input, ISO_8859_1)).isEqualTo(nettys);
      }
    }
    assertThat(both).isGreaterThan(10_000);
  }

  // ---- what pools say

  private static byte[] header(ProxyTlvs tlvs, String... kinds) {
    PoolConfig pool =
        new PoolConfig(null, null, null, null, null, null).withProxyProtocol("v2", kinds);
    return tlvs.behind(ProxyVersion.V2.header(FOUR, FOUR), pool.proxyTlvs());
  }

  @Test
  void onlyWhatIsAskedForAndKnownIsWritten() {
    ProxyTlvs tlvs = ProxyTlvs.NONE.with(new ClientHello("a.test", List.of("h2")));
    String both = "192.0.2.1 56324 > 192.0.2.1 56324";
    assertThat(ours(header(tlvs))).isEqualTo(both);
    assertThat(ours(header(tlvs, "authority"))).isEqualTo(both + "; authority=a.test");
    assertThat(ours(header(tlvs, "alpn", "unique-id"))).isEqualTo(both + "; alpn=h2");
    assertThat(ours(header(ProxyTlvs.NONE, "authority", "alpn"))).isEqualTo(both);
    assertThat(header(ProxyTlvs.NONE, "crc32c")).hasSize(16 + 12 + 7);
    assertThat(ours(header(ProxyTlvs.NONE, "crc32c"))).isEqualTo(both);
  }

  @Test
  void aWrongByteUnderOurChecksumIsSeen() {
    byte[] header = header(ProxyTlvs.NONE.with(new ClientHello("a.test", List.of())), "crc32c");
    for (int i = 0; i < header.length; i++) {
      byte[] changed = header.clone();
      changed[i] ^= 1;
      boolean typeOfTheSum = i == header.length - 7;
      boolean local = i == ProxyHeaderParser.COMMAND;
      if (!typeOfTheSum && !local) {
        assertThat(ours(changed)).as("byte %d", i).isNull();
      }
    }
  }

  @Test
  void ofSeveralProtocolsNoneIsTold() {
    ProxyTlvs tlvs = ProxyTlvs.NONE.with(new ClientHello(null, List.of("h2", "http/1.1")));
    assertThat(tlvs.alpn()).isNull();
    assertThat(tlvs.authority()).isNull();
  }

  @Test
  void whatABalancerInFrontHasSaidStays() {
    byte[] header =
        header(
            ProxyTlvs.NONE.with(new ClientHello("front.test", List.of("h2"))), "authority", "alpn");
    ProxyHeaderParser parser = new ProxyHeaderParser();
    parser.take(Unpooled.wrappedBuffer(header));
    ProxyTlvs told = parser.tlvs().with(new ClientHello("hello.test", List.of("http/1.1")));
    assertThat(told.authority()).isEqualTo("front.test".getBytes(UTF_8));
    assertThat(told.alpn()).isEqualTo("h2".getBytes(UTF_8));
    byte[] id = told.identified(new SplittableRandom(1)).uniqueId();
    assertThat(
            told.identified(new SplittableRandom(1)).identified(new SplittableRandom(2)).uniqueId())
        .isEqualTo(id)
        .hasSize(32);
  }

  @Test
  void nobodysHeaderSaysNothingMore() {
    ProxyTlvs tlvs = ProxyTlvs.NONE.with(new ClientHello("a.test", List.of("h2")));
    byte[] local = ProxyVersion.V2.local();
    assertThat(tlvs.behind(local, KINDS)).isEqualTo(local);
  }
}
