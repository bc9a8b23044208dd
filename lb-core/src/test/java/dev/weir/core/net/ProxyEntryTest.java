package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.ProxyProtocolConfig;
import dev.weir.core.control.Ticker;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.LbObserver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections whose clients are told by PROXY headers, over real sockets. */
@Timeout(60)
class ProxyEntryTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final List<String> US = List.of("127.0.0.0/8");
  private static final List<String> ELSEWHERE = List.of("192.0.2.0/24");
  private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.2 5000 443\r\n";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final Queue<Cause> closed = new ConcurrentLinkedQueue<>();
  private final Queue<Echo> echoes = new ConcurrentLinkedQueue<>();
  private Listener listener;
  private Loops loops;

  static List<Transport> transports() {
    return Transport.available();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    await().atMost(SOON).until(() -> listener.openConnections() == 0);
    loops.close();
  }

  /** Says who its client is, where it came to, and then what it says. */
  private static final class Echo extends ClientConnection {
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private volatile Channel own;
    private final AtomicInteger drained = new AtomicInteger();

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      own = ctx.channel();
      say(text(clientAddress(own)) + " to " + text(servedAddress(own)) + "\n");
    }

    private static String text(InetSocketAddress address) {
      return address.getAddress().getHostAddress() + " " + address.getPort();
    }

    private void say(String text) {
      byte[] bytes = text.getBytes(ISO_8859_1);
      own.writeAndFlush(own.alloc().directBuffer(bytes.length).writeBytes(bytes));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      in.forEachByte(
          b -> {
            got.write(b);
            return true;
          });
      in.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        say(got.toString(ISO_8859_1));
        own.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
      ctx.close();
    }

    @Override
    public void drain() {
      drained.incrementAndGet();
    }

    @Override
    public void abort() {
      own.close();
    }
  }

  private void listen(Transport transport, ProxyProtocolConfig config) throws IOException {
    loops = new Loops(transport, 2, Ticker.system(), new SplittableRandom(1));
    LbObserver observer =
        new LbObserver() {
          @Override
          public void connectionOpened(int loop, String name) {
            opened.incrementAndGet();
          }

          @Override
          public void connectionClosed(int loop, String name, Cause cause) {
            closed.add(cause);
          }
        };
    ProxyEntry entry = new ProxyEntry(config, observer);
    ConnectionHandler echo =
        (child, loop, from) -> {
          Echo made = new Echo();
          echoes.add(made);
          child.pipeline().addLast(made);
        };
    listener =
        Listener.open(
            "front",
            new HostPort("127.0.0.1", 0),
            loops,
            (child, loop, from) -> entry.accept(child, loop, from, echo));
    open.add(() -> listener.retire(Duration.ZERO).get(5, TimeUnit.SECONDS));
  }

  private Socket client() throws IOException {
    Socket client = new Socket();
    open.add(client);
    client.connect(listener.address(), 5_000);
    client.setSoTimeout(10_000);
    client.setTcpNoDelay(true);
    return client;
  }

  private static String rest(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** Waits until the only connection has ended without getting to the protocol. */
  private Cause ended() {
    await().atMost(SOON).until(() -> closed.size() == 1);
    assertThat(opened).hasValue(1);
    assertThat(echoes).isEmpty();
    await().atMost(SOON).until(() -> listener.openConnections() == 0);
    return closed.peek();
  }

  private static ProxyProtocolConfig from(List<String> networks) {
    return new ProxyProtocolConfig(networks, null, null);
  }

  // ---- believed

  @ParameterizedTest
  @MethodSource("transports")
  void theHeaderTellsBothEndsAndTheRestIsTheProtocols(Transport transport) throws Exception {
    listen(transport, from(US));
    for (String behind : List.of("", "hello", "PROXY again\r\n", "x".repeat(100_000))) {
      Socket client = client();
      client.getOutputStream().write(bytes(LINE + behind));
      client.shutdownOutput();
      assertThat(rest(client)).isEqualTo("192.0.2.7 5000 to 198.51.100.2 443\n" + behind);
    }
    assertThat(closed).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void itMayComeByteByByteAndCutAnywhere(Transport transport) throws Exception {
    listen(transport, from(US));
    byte[] header =
        ProxyVersion.V2.header(
            new InetSocketAddress("2001:db8::7", 5000), new InetSocketAddress("2001:db8::1", 443));
    byte[] input = new byte[header.length + 5];
    System.arraycopy(header, 0, input, 0, header.length);
    System.arraycopy(bytes("hello"), 0, input, header.length, 5);
    Socket drip = client();
    OutputStream out = drip.getOutputStream();
    for (byte b : input) {
      out.write(b);
    }
    drip.shutdownOutput();
    String told = "2001:db8:0:0:0:0:0:7 5000 to 2001:db8:0:0:0:0:0:1 443\n";
    assertThat(rest(drip)).isEqualTo(told + "hello");
    for (int cut = 1; cut < input.length; cut++) {
      Socket client = client();
      client.getOutputStream().write(input, 0, cut);
      client.getOutputStream().write(input, cut, input.length - cut);
      client.shutdownOutput();
      assertThat(rest(client)).isEqualTo(told + "hello");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aProtocolThatSpeaksFirstSpeaksAfterTheHeader(Transport transport) throws Exception {
    listen(transport, from(US));
    Socket client = client();
    client.getOutputStream().write(bytes(LINE));
    byte[] greeting = new byte[35];
    assertThat(client.getInputStream().readNBytes(greeting, 0, 35)).isEqualTo(35);
    assertThat(new String(greeting, ISO_8859_1)).isEqualTo("192.0.2.7 5000 to 198.51.100.2 443\n");
    client.getOutputStream().write(bytes("more"));
    client.shutdownOutput();
    assertThat(rest(client)).isEqualTo("more");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aHeaderThatNamesNobodyLeavesTheConnectionItsOwnEnds(Transport transport) throws Exception {
    listen(transport, from(US));
    for (byte[] header : List.of(ProxyVersion.V1.local(), ProxyVersion.V2.local())) {
      Socket client = client();
      String own = "127.0.0.1 " + client.getLocalPort() + " to 127.0.0.1 " + client.getPort();
      client.getOutputStream().write(header);
      client.getOutputStream().write(bytes("hi"));
      client.shutdownOutput();
      assertThat(rest(client)).isEqualTo(own + "\nhi");
    }
  }

  // ---- not believed

  @ParameterizedTest
  @MethodSource("transports")
  void connectionsFromElsewhereAreRefused(Transport transport) throws Exception {
    listen(transport, from(ELSEWHERE));
    Socket client = client();
    assertThat(rest(client)).isEmpty();
    assertThat(ended()).isEqualTo(Cause.DENIED);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void connectionsFromElsewhereMayBeServedButTheirHeadersAreNot(Transport transport)
      throws Exception {
    listen(transport, new ProxyProtocolConfig(ELSEWHERE, "serve", null));
    Socket client = client();
    String own = "127.0.0.1 " + client.getLocalPort() + " to 127.0.0.1 " + client.getPort();
    client.getOutputStream().write(bytes(LINE + "hello"));
    client.shutdownOutput();
    assertThat(rest(client)).isEqualTo(own + "\n" + LINE + "hello");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void garbageEndsTheConnection(Transport transport) throws Exception {
    listen(transport, from(US));
    Socket client = client();
    client.getOutputStream().write(bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assertThat(ended()).isEqualTo(Cause.BAD_PROXY_HEADER);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aHeaderThatDoesNotComeInTimeEndsTheConnection(Transport transport) throws Exception {
    listen(transport, new ProxyProtocolConfig(US, null, Duration.ofMillis(100)));
    Socket client = client();
    // Progress does not extend it.
    client.getOutputStream().write(bytes("PROXY TCP4 192.0.2.7"));
    assertThat(rest(client)).isEmpty();
    assertThat(ended()).isEqualTo(Cause.PROXY_HEADER_TIMEOUT);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theDeadlineIsForTheHeaderAlone(Transport transport) throws Exception {
    listen(transport, new ProxyProtocolConfig(US, null, Duration.ofMillis(100)));
    Socket late = client();
    Socket client = client();
    client.getOutputStream().write(bytes(LINE));
    // By the time that the silent one has been ended, the other's time has passed too.
    assertThat(rest(late)).isEmpty();
    client.getOutputStream().write(bytes("hello"));
    client.shutdownOutput();
    assertThat(rest(client)).endsWith("hello");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientThatEndsInItsHeaderIsGone(Transport transport) throws Exception {
    listen(transport, from(US));
    Socket client = client();
    client.getOutputStream().write(bytes("PROXY TCP4 192.0.2.7"));
    client.shutdownOutput();
    assertThat(rest(client)).isEmpty();
    assertThat(ended()).isEqualTo(Cause.CLIENT_ABORT);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientThatResetsInItsHeaderIsGone(Transport transport) throws Exception {
    listen(transport, from(US));
    Socket client = client();
    client.getOutputStream().write(bytes("PROXY"));
    await().atMost(SOON).until(() -> listener.openConnections() == 1);
    client.setSoLinger(true, 0);
    client.close();
    assertThat(ended()).isEqualTo(Cause.CLIENT_ABORT);
  }

  // ---- while the listener ends

  @ParameterizedTest
  @MethodSource("transports")
  void whatDrainsInItsHeaderDrainsInTheProtocol(Transport transport) throws Exception {
    listen(transport, from(US));
    Socket client = client();
    client.getOutputStream().write(bytes("PROXY "));
    await().atMost(SOON).until(() -> listener.openConnections() == 1);
    listener.drain();
    settle();
    client.getOutputStream().write(bytes(LINE.substring(6)));
    await().atMost(SOON).until(() -> !echoes.isEmpty() && echoes.peek().drained.get() == 1);
    // It is the protocol's connection that the listener knows now.
    listener.abort();
    assertThat(rest(client)).startsWith("192.0.2.7 ");
    assertThat(closed).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatIsInItsHeaderCanBeAborted(Transport transport) throws Exception {
    listen(transport, from(US));
    Socket client = client();
    client.getOutputStream().write(bytes("PROXY "));
    await().atMost(SOON).until(() -> listener.openConnections() == 1);
    listener.abort();
    assertThat(rest(client)).isEmpty();
    assertThat(ended()).isEqualTo(Cause.SHUTDOWN);
  }

  private void settle() throws Exception {
    for (int i = 0; i < loops.size(); i++) {
      loops.get(i).loop().submit(() -> {}).get(5, TimeUnit.SECONDS);
    }
  }
}
