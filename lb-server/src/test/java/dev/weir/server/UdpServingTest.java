package dev.weir.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.runtime.ChangeResult;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole balancer with UDP listeners: served, changed, measured, ended. */
@Timeout(120)
class UdpServingTest {
  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private LbServer server;

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private void write(String listeners, String pools) throws IOException {
    Files.writeString(
        folder.resolve("lb.yaml"),
        """
        admin: { bind: '127.0.0.1:0', state: %s/state }
        metrics: { bind: '127.0.0.1:0' }
        accessLog: { to: 'file:%s/access.log' }
        process: { loops: 2, shutdown: { drain: 1s } }
        listeners:
        %s
        pools:
        %s
        """
            .formatted(folder, folder, listeners.indent(2), pools.indent(2)));
  }

  private void start() throws Exception {
    server = LbServer.start(new LbServer.Options(folder.resolve("lb.yaml"), false));
    open.add(server);
  }

  private void reload() throws Exception {
    ChangeResult result = server.reload("test").get(20, TimeUnit.SECONDS);
    assertThat(result).isInstanceOf(ChangeResult.Applied.class);
  }

  /** Answers each datagram with its name and what has come. */
  private int backend(String name) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    serve(socket, data -> (name + ":" + new String(data, UTF_8)).getBytes(UTF_8));
    return socket.getLocalPort();
  }

  private interface Answering {
    byte[] to(byte[] question);
  }

  private void serve(DatagramSocket socket, Answering answering) {
    open.add(socket);
    Thread thread = new Thread(() -> run(socket, answering), "udp-backend");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run(DatagramSocket socket, Answering answering) {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        byte[] data = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
        byte[] answer = answering.to(data);
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private DatagramSocket client() throws SocketException {
    DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    client.setSoTimeout(10_000);
    open.add(client);
    return client;
  }

  private static String ask(DatagramSocket client, InetSocketAddress to, String question)
      throws IOException {
    byte[] bytes = question.getBytes(UTF_8);
    client.send(new DatagramPacket(bytes, bytes.length, to));
    DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
    client.receive(answer);
    return new String(answer.getData(), 0, answer.getLength(), UTF_8);
  }

  private static String pool(String name, int port) {
    return name + ": { backends: { " + name + "-1: { address: '127.0.0.1:" + port + "' } } }\n";
  }

  @Test
  void aChangeMovesSessionsAndKeepsTheSocket() throws Exception {
    String pools = pool("a", backend("a")) + pool("b", backend("b"));
    write("dns: { bind: '127.0.0.1:0', protocol: udp, pool: a }", pools);
    start();
    InetSocketAddress address = server.address("dns");
    DatagramSocket client = client();
    assertThat(ask(client, address, "1")).isEqualTo("a:1");

    write("dns: { bind: '127.0.0.1:0', protocol: udp, pool: b }", pools);
    reload();
    assertThat(server.address("dns")).isEqualTo(address);
    assertThat(ask(client, address, "2")).isEqualTo("b:2");

    // The backend leaves, another takes its place.
    write("dns: { bind: '127.0.0.1:0', protocol: udp, pool: b }", pool("b", backend("c")));
    reload();
    assertThat(ask(client, address, "3")).isEqualTo("c:3");
    await().until(() -> server.connections() == 1);
  }

  /** No datagram is lost while the configuration changes again and again. */
  @Test
  void everyDatagramIsAnsweredThroughManyChanges() throws Exception {
    String pools = pool("a", backend("a")) + pool("b", backend("b"));
    write("dns: { bind: '127.0.0.1:0', protocol: udp, pool: a }", pools);
    start();
    InetSocketAddress address = server.address("dns");
    DatagramSocket client = client();
    var answered = new java.util.concurrent.atomic.AtomicInteger();
    var over = new java.util.concurrent.atomic.AtomicBoolean();
    var failure = new java.util.concurrent.atomic.AtomicReference<Throwable>();
    Thread asking =
        new Thread(
            () -> {
              try {
                while (!over.get()) {
                  String question = "q" + answered.get();
                  assertThat(ask(client, address, question)).endsWith(":" + question);
                  answered.incrementAndGet();
                }
              } catch (IOException | AssertionError lost) {
                failure.set(lost);
              }
            });
    asking.start();
    for (int i = 0; i < 20; i++) {
      String pool = i % 2 == 0 ? "b" : "a";
      int responses = 1 + i % 3;
      write(
          "dns: { bind: '127.0.0.1:0', protocol: udp, pool: "
              + pool
              + ", udp: { responses: "
              + responses
              + " } }",
          pools);
      int before = answered.get();
      reload();
      await().until(() -> answered.get() > before || failure.get() != null);
    }
    over.set(true);
    asking.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void tcpAndUdpShareAPortAndAListenerMayChangeFromOneToTheOther() throws Exception {
    ServerSocket tcp = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    open.add(tcp);
    int port = tcp.getLocalPort();
    DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress());
    serve(udp, data -> data);
    int front = free();
    String bind = "bind: '127.0.0.1:" + front + "', pool: dns";
    write(
        "dns: { " + bind + ", protocol: udp }\nalso: { " + bind + ", protocol: tcp }",
        pool("dns", port));
    start();
    assertThat(ask(client(), server.address("dns"), "x")).isEqualTo("x");
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), front);
        Socket there = tcp.accept()) {
      assertThat(there.isConnected()).isTrue();
    }

    write("also: { " + bind + ", protocol: udp }", pool("dns", port));
    // The other listener holds the UDP port until the change is made.
    assertThat(server.reload("test").get(20, TimeUnit.SECONDS))
        .isInstanceOf(ChangeResult.Failed.class);
    write("dns: { " + bind + ", protocol: udp }", pool("dns", port));
    reload();
    write("dns: { " + bind + ", protocol: tcp }", pool("dns", port));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(server.reload("test").get(20, TimeUnit.SECONDS))
                    .isInstanceOfAny(ChangeResult.Applied.class, ChangeResult.Unchanged.class));
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), front);
        Socket there = tcp.accept()) {
      assertThat(there.isConnected()).isTrue();
    }
    // The UDP port is free again.
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .untilAsserted(() -> new DatagramSocket(front, InetAddress.getLoopbackAddress()).close());
  }

  private static int free() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return one.getLocalPort();
    }
  }

  @Test
  void sessionsAreInTheLogAndInTheMetrics() throws Exception {
    write(
        "dns: { bind: '127.0.0.1:0', protocol: udp, pool: a, udp: { responses: 1,"
            + " amplification: 1 } }",
        pool("a", backend("a")));
    start();
    DatagramSocket client = client();
    byte[] bytes = "hello".getBytes(UTF_8);
    client.send(new DatagramPacket(bytes, bytes.length, server.address("dns")));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(metrics())
                    .contains(
                        "weir_datagrams_dropped_total{listener=\"dns\",reason=\"amplification\"} 1.0",
                        "weir_received_datagrams_total{listener=\"dns\"} 1.0",
                        "weir_sent_datagrams_total{listener=\"dns\"} 0.0",
                        "weir_received_bytes_total{listener=\"dns\"} 5.0",
                        "weir_sessions_total{by=\"backend_end\",listener=\"dns\"} 1.0",
                        "weir_listener_connections{listener=\"dns\"} 0.0"));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(Files.readString(folder.resolve("access.log")))
                    .contains(
                        "\"listener\":\"dns\",\"client\":\"127.0.0.1\",\"cause\":\"none\","
                            + "\"endedBy\":\"backend_end\"",
                        "\"backend\":\"a-1\",\"attempts\":1,\"bytesIn\":5,\"bytesOut\":0,"
                            + "\"datagramsIn\":1,\"datagramsOut\":0"));
  }

  private String metrics() throws Exception {
    URI page = URI.create("http://127.0.0.1:" + server.metricsAddress().getPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
        .body();
  }

  /** {@code conf/examples/dns.yaml} as it is, but for its addresses, before a real client. */
  @Test
  void digAsksThroughTheListenerOfTheExample() throws Exception {
    Assumptions.assumeTrue(installed(), "dig is not installed (Debian's package: dnsutils)");
    DatagramSocket name = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    serve(name, UdpServingTest::addressOf);
    String example = Files.readString(Path.of("../conf/examples/dns.yaml"));
    String ours =
        example
            .replace("0.0.0.0:53", "127.0.0.1:0")
            .replace("10.0.0.31:53", "127.0.0.1:" + name.getLocalPort())
            .replace("10.0.0.32:53", "127.0.0.1:" + name.getLocalPort())
            .replace("tcp: {}  ", "tcp: {}\n      fall: 100");
    Files.writeString(
        folder.resolve("lb.yaml"),
        ours
            + "\nadmin: { bind: '127.0.0.1:0', state: "
            + folder
            + "/state }\nmetrics: { bind: '127.0.0.1:0' }\naccessLog: { to: 'off' }\n");
    start();
    int port = server.address("dns").getPort();
    for (int i = 0; i < 5; i++) {
      assertThat(dig(port, "www" + i + ".example.")).isEqualTo("192.0.2.7");
    }
    await().until(() -> server.connections() == 0);
  }

  private static boolean installed() throws Exception {
    try {
      return new ProcessBuilder("dig", "-v").redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private static String dig(int port, String name) throws Exception {
    Process dig =
        new ProcessBuilder(
                "dig", "@127.0.0.1", "-p", "" + port, "+short", "+tries=1", "+time=10", name, "A")
            .redirectErrorStream(true)
            .start();
    String said = new String(dig.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(dig.waitFor()).as(said).isZero();
    return said;
  }

  /** Answers a query for an address: the question, and behind it 192.0.2.7 (RFC 1035). */
  private static byte[] addressOf(byte[] query) {
    int end = 12;
    while (query[end] != 0) {
      end += 1 + query[end];
    }
    end += 5;
    byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 192, 0, 2, 7};
    byte[] answer = java.util.Arrays.copyOf(query, end + record.length);
    System.arraycopy(record, 0, answer, end, record.length);
    answer[2] |= (byte) 0x80;
    answer[7] = 1; // one answer
    answer[9] = 0;
    answer[11] = 0; // no OPT record behind it
    return answer;
  }
}
