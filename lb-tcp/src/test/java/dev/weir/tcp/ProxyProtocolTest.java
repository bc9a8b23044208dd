package dev.weir.tcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.net.ProxyVersion;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.tcp.Rig.End;
import dev.weir.tcp.Rig.Told;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PROXY headers of clients to TCP listeners, and of TCP listeners to backends. */
@Timeout(60)
class ProxyProtocolTest {
  private static final ProxyProtocolConfig FROM_US =
      new ProxyProtocolConfig(List.of("127.0.0.0/8"), null, null);
  private static final Told IN = new Told(FROM_US, null);
  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 5000);
  private static final InetSocketAddress FRONT = new InetSocketAddress("198.51.100.2", 443);
  private static final byte[] HEADER = ProxyVersion.V2.header(CLIENT, FRONT);

  static List<Transport> transports() {
    return Transport.available();
  }

  private static String all(Socket socket) throws Exception {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theBackendGetsWhatIsBehindTheHeaderAndNothingElse(Transport transport) throws Exception {
    String much = "much ".repeat(100_000);
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.told(transport, IN, backend.address())) {
      Socket client = rig.client();
      client.getOutputStream().write(join(HEADER, bytes("hello ")));
      Socket server = rig.keep(backend.next());
      client.getOutputStream().write(bytes(much));
      client.shutdownOutput();
      assertThat(all(server)).isEqualTo("hello " + much);
      server.getOutputStream().write(bytes("answer"));
      server.shutdownOutput();
      assertThat(all(client)).isEqualTo("answer");
      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b0", 1, 6 + much.length(), 6));
      assertThat(rig.remembered).isEqualTo("192.0.2.7 connected answered");
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void headerDataAndEndMayComeAtOnceOrByteByByte(Transport transport) throws Exception {
    byte[] input = join(HEADER, bytes("hello"));
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.told(transport, IN, backend.address())) {
      for (int piece : new int[] {input.length, 1}) {
        Socket client = rig.client();
        OutputStream out = client.getOutputStream();
        client.setTcpNoDelay(true);
        for (int i = 0; i < input.length; i += piece) {
          out.write(input, i, piece);
        }
        client.shutdownOutput();
        try (Socket server = backend.next()) {
          assertThat(all(server)).isEqualTo("hello");
        }
        assertThat(all(client)).isEmpty();
      }
      rig.settled();
      assertThat(rig.ends).extracting(End::cause).containsExactly(Cause.NONE, Cause.NONE);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aServerThatSpeaksFirstIsHeardAfterTheHeaderAlone(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend(c -> c.getOutputStream().write(bytes("welcome")));
        Rig rig = Rig.told(transport, IN, backend.address())) {
      Socket client = rig.client();
      client.getOutputStream().write(HEADER);
      assertThat(all(client)).isEqualTo("welcome");
      client.close();
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void noBackendIsAskedBeforeTheHeaderIsThere(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.told(transport, IN, backend.address())) {
      Socket client = rig.client();
      client.getOutputStream().write(bytes("PROXY TCP4 garbage\r\n"));
      rig.settled();
      assertThat(rig.ends).isEmpty();
      assertThat(rig.opened).hasValue(1);
      assertThat(rig.outcomes).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void dataBehindAHeaderIsLetGoWhenThereIsNoBackend(Transport transport) throws Exception {
    try (Rig rig = Rig.told(transport, IN)) {
      Socket client = rig.client();
      client.getOutputStream().write(join(HEADER, bytes("hello")));
      assertThat(rig.end().cause()).isEqualTo(Cause.NO_BACKEND);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theBackendIsToldWhoseSessionItIsBeforeAnythingElse(Transport transport) throws Exception {
    for (ProxyVersion version : ProxyVersion.values()) {
      String name = version == ProxyVersion.V1 ? "v1" : "v2";
      try (TestBackend backend = new TestBackend();
          Rig rig = Rig.told(transport, new Told(null, name), Rig.nobody(), backend.address())) {
        Socket client = rig.client();
        byte[] expected =
            version.header(
                (InetSocketAddress) client.getLocalSocketAddress(), rig.listener.address());
        Socket server = rig.keep(backend.next());
        // Without a word of the client's.
        assertThat(server.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
        client.getOutputStream().write(bytes("hello"));
        client.shutdownOutput();
        assertThat(all(server)).isEqualTo("hello");
        server.close();
        assertThat(all(client)).isEmpty();
        assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b1", 2, 5, 0));
        rig.settled();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theClientOfAHeaderIsToldInAnother(Transport transport) throws Exception {
    byte[] line = ProxyVersion.V1.header(CLIENT, FRONT);
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.told(transport, new Told(FROM_US, "v1"), backend.address())) {
      Socket client = rig.client();
      client.getOutputStream().write(join(HEADER, bytes("hello")));
      client.shutdownOutput();
      try (Socket server = backend.next()) {
        assertThat(server.getInputStream().readAllBytes()).isEqualTo(join(line, bytes("hello")));
      }
      assertThat(all(client)).isEmpty();
      rig.settled();
    }
  }
}
