package dev.weir.core.observe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.core.backend.Backend;
import dev.weir.core.config.AccessLogConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessLogTest {
  private static final long NOW = 1_795_169_730_007L;

  /** One exchange, with texts as a client might send them. */
  private record End(Map<Text, String> texts, Cause cause, boolean avoidable, By endedBy)
      implements EndSummary {
    End(Map<Text, String> texts) {
      this(texts, Cause.NONE, false, null);
    }

    @Override
    public int loop() {
      return 0;
    }

    @Override
    public String listener() {
      return "web";
    }

    @Override
    public String pool() {
      return "shop";
    }

    @Override
    public Backend backend() {
      return new Backend("shop", "s-1", new HostPort("127.0.0.1", 1), (b, o, f, c) -> {});
    }

    @Override
    public int attempts() {
      return 2;
    }

    @Override
    public int status() {
      return 200;
    }

    @Override
    public long bytesIn() {
      return 10;
    }

    @Override
    public long bytesOut() {
      return 2000;
    }

    @Override
    public long startNanos() {
      return 1_000_000;
    }

    @Override
    public long endNanos() {
      return 3_045_678;
    }

    @Override
    public long phase(Phase phase) {
      return phase == Phase.CONNECT ? 70_000 : -1;
    }

    @Override
    public int copy(Text text, byte[] into) {
      String value = texts.get(text);
      if (value == null) {
        return -1;
      }
      byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(bytes, 0, into, 0, Math.min(bytes.length, into.length));
      return Math.min(bytes.length, into.length);
    }
  }

  private static final End USUAL =
      new End(
          Map.of(
              EndSummary.Text.CLIENT, "10.1.2.3",
              EndSummary.Text.METHOD, "GET",
              EndSummary.Text.HOST, "example.com",
              EndSummary.Text.TARGET, "/a?b",
              EndSummary.Text.REQUEST_ID, "0af"));

  private static String logged(String format, EndSummary... ends) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AccessLog log = new AccessLog(config("stdout", format, 1), 1, () -> NOW, out)) {
      for (EndSummary end : ends) {
        log.exchangeEnded(end);
      }
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static AccessLogConfig config(String to, String format, int every) {
    return new AccessLogConfig(to, format, every);
  }

  @Test
  void whatATlsClientAsksForIsShownAndEscaped() throws IOException {
    End asking =
        new End(
            Map.of(
                EndSummary.Text.CLIENT, "10.1.2.3",
                EndSummary.Text.SNI, "a.test\n\"",
                EndSummary.Text.ALPN, "h2,http/1.1"));
    assertThat(logged("json", asking))
        .contains(
            "\"client\":\"10.1.2.3\",\"sni\":\"a.test\\u000a\\\"\",\"alpn\":\"h2,http/1.1\",");
    assertThat(logged("{sni} {alpn}", asking, USUAL))
        .isEqualTo("a.test\\u000a\\\" h2,http/1.1\n- -\n");
  }

  @Test
  void jsonSaysWhatIsKnownAndLeavesOutWhatIsNot() throws IOException {
    assertThat(logged("json", USUAL))
        .isEqualTo(
            "{\"time\":\"2026-11-20T10:15:30.007Z\",\"listener\":\"web\",\"client\":\"10.1.2.3\","
                + "\"method\":\"GET\",\"host\":\"example.com\",\"target\":\"/a?b\",\"status\":200,"
                + "\"cause\":\"none\",\"pool\":\"shop\",\"backend\":\"s-1\",\"attempts\":2,"
                + "\"bytesIn\":10,\"bytesOut\":2000,"
                + "\"ms\":{\"total\":2.045,\"connect\":0.070},\"requestId\":\"0af\"}\n");
  }

  @Test
  void aFailureSaysWhereItHappenedAndWhetherItWasAvoidable() throws IOException {
    End backend = new End(Map.of(), Cause.BACKEND_RESET, true, null);
    End nobody = new End(Map.of(), Cause.NO_BACKEND, false, null);
    End client = new End(Map.of(), Cause.BAD_REQUEST, false, null);
    assertThat(logged("json", backend, nobody, client).lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains(
                        "\"cause\":\"backend_reset\",\"phase\":\"response\",\"side\":\"backend\","
                            + "\"avoidable\":true,"),
            line ->
                assertThat(line)
                    .contains(
                        "\"cause\":\"no_backend\",\"phase\":\"pick\",\"side\":\"backend\","
                            + "\"avoidable\":false,"),
            line ->
                assertThat(line)
                    .contains("\"phase\":\"request\",\"side\":\"client\",\"pool\"")
                    .doesNotContain("avoidable"));
    assertThat(logged("{cause} {phase} {side} {avoidable}", backend, USUAL).lines())
        .containsExactly("backend_reset response backend true", "none none none false");
  }

  @Test
  void aSessionSaysWhatEndedIt() throws IOException {
    End session = new End(Map.of(), Cause.NONE, false, EndSummary.By.BACKEND_END);
    assertThat(logged("json", session)).contains("\"cause\":\"none\",\"endedBy\":\"backend_end\",");
    assertThat(logged("{ended-by}", session)).isEqualTo("backend_end\n");
    assertThat(logged("{ended-by}", USUAL)).isEqualTo("-\n");
  }

  @Test
  void theCombinedFormatIsApaches() throws IOException {
    assertThat(logged("combined", USUAL))
        .isEqualTo(
            "10.1.2.3 - - [20/Nov/2026:10:15:30 +0000] \"GET /a?b HTTP/1.1\" 200 2000 \"-\" \"-\"\n");
  }

  @Test
  void aTemplateIsFilledIn() throws IOException {
    assertThat(logged("{{}{client} {status} {ms-connect} {ms-queue} {user-agent}", USUAL))
        .isEqualTo("{10.1.2.3 200 0.070 - -\n");
  }

  @Test
  void aTemplateWithAnUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> logged("{clinet}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown name 'clinet'")
        .hasMessageContaining("client, ended-by, host");
  }

  @Test
  void textFromOutsideNeverMakesALineOrReachesATerminal() throws IOException {
    End hostile =
        new End(
            Map.of(
                EndSummary.Text.TARGET, "/\"\\\r\n{\"x\":1}\u001b[31m\u009b\u00ff",
                EndSummary.Text.USER_AGENT, "a\"b\nc"));
    for (String format : List.of("json", "combined", "{target} {user-agent}")) {
      String line = logged(format, hostile);
      assertThat(line.chars().filter(c -> c == '\n')).hasSize(1);
      assertThat(line.chars().allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f))).isTrue();
    }
    assertThat(logged("json", hostile))
        .contains("\"target\":\"/\\\"\\\\\\u000d\\u000a{\\\"x\\\":1}\\u001b[31m\\u009b\\u00ff\"");
  }

  @Test
  void aTextWithoutEndIsCutAndTheLineStaysWhole() throws IOException {
    End endless = new End(Map.of(EndSummary.Text.TARGET, "\n".repeat(100_000)));
    assertThat(logged("json", endless)).endsWith("}\n").hasSizeLessThan(8 * 1024 + 1);
  }

  @Test
  void onlyEachNthLineIsWrittenWhenSampling() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AccessLog log = new AccessLog(config("stdout", "{status}", 10), 1, () -> NOW, out)) {
      for (int i = 0; i < 100; i++) {
        log.sessionEnded(USUAL);
      }
    }
    assertThat(out.size()).isEqualTo(10 * "200\n".length());
  }

  @Test
  void aTargetThatBlocksMakesLinesDropAndNothingWait() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    OutputStream blocked =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            try {
              stuck.await();
            } catch (InterruptedException interrupted) {
              throw new IOException(interrupted);
            }
          }
        };
    try (AccessLog log = new AccessLog(config("stdout", "json", 1), 1, () -> NOW, blocked)) {
      for (int i = 0; i < 100_000; i++) {
        log.exchangeEnded(USUAL);
      }
      assertThat(log.dropped()).isPositive();
      stuck.countDown();
    }
  }

  @Test
  void aFileIsAppendedToAndOpenedAnewAfterItWasMoved(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("access.log");
    Path moved = folder.resolve("access.log.1");
    try (AccessLog log =
        new AccessLog(
            config("file:" + file, "{client}", 1), 1, () -> NOW, OutputStream.nullOutputStream())) {
      log.exchangeEnded(USUAL);
      waitUntil(() -> Files.size(file) > 0);
      Files.move(file, moved);
      log.reopen();
      waitUntil(() -> Files.exists(file));
      log.exchangeEnded(USUAL);
    }
    assertThat(moved).hasContent("10.1.2.3");
    assertThat(file).hasContent("10.1.2.3");
  }

  private interface Condition {
    boolean met() throws IOException;
  }

  private static void waitUntil(Condition condition) {
    org.awaitility.Awaitility.await().until(condition::met);
  }

  @Test
  void syslogGetsOneDatagramALine() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      server.setSoTimeout(10_000);
      String to = "syslog:127.0.0.1:" + server.getLocalPort();
      try (AccessLog log =
          new AccessLog(config(to, "{client}", 1), 1, () -> NOW, OutputStream.nullOutputStream())) {
        log.exchangeEnded(USUAL);
        log.exchangeEnded(USUAL);
      }
      for (int i = 0; i < 2; i++) {
        DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
        server.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
            .isEqualTo("<134>1 2026-11-20T10:15:30.007Z - weir - access - 10.1.2.3");
      }
    }
  }

  @Test
  void theRingKeepsLinesWholeAndInOrderBetweenTwoThreads() throws Exception {
    LogRing ring = new LogRing(1 << 10);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int lines = 200_000;
    Thread loop =
        new Thread(
            () -> {
              for (int i = 0; i < lines; i++) {
                byte[] line = (i + "\n").getBytes(StandardCharsets.US_ASCII);
                ring.put(line, line.length);
              }
            });
    loop.start();
    StreamTarget target = new StreamTarget(out);
    boolean alive = true;
    while (alive) {
      alive = loop.isAlive();
      ring.drain(target);
    }
    long last = -1;
    long seen = 0;
    for (String line : out.toString(StandardCharsets.US_ASCII).split("\n")) {
      long number = Long.parseLong(line);
      assertThat(number).isGreaterThan(last);
      last = number;
      seen++;
    }
    assertThat(seen + ring.dropped()).isEqualTo(lines);
  }
}
