package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.core.config.HostPort;
import dev.weir.core.control.Ticker;
import dev.weir.core.net.PlainResponder.Answer;
import dev.weir.core.net.PlainResponder.Page;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PlainResponderTest {
  private final AtomicReference<String> madeOn = new AtomicReference<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final String metrics = "up 1\n".repeat(400_000);
  private PlainResponder responder;

  @BeforeEach
  void open() throws IOException {
    responder =
        PlainResponder.open(
            new HostPort("127.0.0.1", 0),
            Map.of(
                "/livez", Page.quick(() -> Answer.text(200, "alive\n")),
                "/readyz", Page.quick(() -> Answer.text(503, "draining \u00e9\n")),
                "/metrics", Page.slow(this::metrics),
                "/stuck", Page.slow(this::stuck),
                "/broken",
                    Page.quick(
                        () -> {
                          throw new IllegalStateException("meant to be seen in the log");
                        })),
            Ticker.system());
  }

  @AfterEach
  void close() {
    release.countDown();
    responder.close();
  }

  private Answer metrics() {
    madeOn.set(Thread.currentThread().getName());
    return new Answer(200, "text/plain; version=0.0.4", metrics);
  }

  private Answer stuck() {
    try {
      release.await();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
    return Answer.text(200, "at last\n");
  }

  private Socket connect() throws IOException {
    Socket client = new Socket("127.0.0.1", responder.address().getPort());
    client.setSoTimeout(20_000);
    return client;
  }

  private String send(String request) throws IOException {
    try (Socket client = connect()) {
      client.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(client.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private String get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n");
  }

  @Test
  void pagesAreServedWithTheirStatusAndEndWithTheConnection() throws Exception {
    assertThat(get("/livez"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Content-Length: 6\r\n", "Connection: close\r\n", "Cache-Control: no-store\r\n")
        .endsWith("\r\n\r\nalive\n");
    assertThat(get("/readyz"))
        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
        .contains("Content-Length: 12\r\n")
        .endsWith("draining \u00e9\n");
    assertThat(get("/livez?verbose=1")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void headHasNoBody() throws Exception {
    assertThat(send("HEAD /livez HTTP/1.1\r\nHost: here\r\n\r\n"))
        .contains("Content-Length: 6\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void slowPagesAreMadeOnTheWorkerAndMayBeLarge() throws Exception {
    assertThat(get("/metrics")).contains("version=0.0.4").endsWith("\r\n\r\n" + metrics);
    assertThat(madeOn.get()).isEqualTo("weir-plain-worker");
  }

  @Test
  void aClientThatHasEndedItsSideStillGetsALargePage() throws Exception {
    try (Socket client = connect()) {
      client.getOutputStream().write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      client.shutdownOutput();
      assertThat(client.getInputStream().readAllBytes()).hasSizeGreaterThan(metrics.length());
    }
  }

  @Test
  void aStuckPageDoesNotHoldUpTheOthersAndTooManyAreRefused() throws Exception {
    List<Socket> stuck = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      Socket client = connect();
      stuck.add(client);
      client.getOutputStream().write("GET /stuck HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
    }
    assertThat(get("/livez")).startsWith("HTTP/1.1 200 OK");
    assertThat(get("/stuck")).startsWith("HTTP/1.1 503 ").endsWith("too many are asking\n");
    release.countDown();
    for (Socket client : stuck) {
      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).endsWith("at last\n");
      client.close();
    }
  }

  @Test
  void whatIsNotThereIs404AndSaysWhatIs() throws Exception {
    assertThat(get("/nothing"))
        .startsWith("HTTP/1.1 404 Not Found\r\n")
        .endsWith("nothing here; there is /broken /livez /metrics /readyz /stuck\n");
  }

  @Test
  void otherMethodsAre405() throws Exception {
    assertThat(send("POST /livez HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"))
        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
        .contains("Allow: GET, HEAD\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET\r\n\r\n",
        "GET /livez\r\n\r\n",
        "GET  /livez HTTP/1.1\r\n\r\n",
        "GET livez HTTP/1.1\r\n\r\n",
        "GET /livez HTTP/2.0\r\n\r\n",
        "GET /livez HTTP/1.1 x\r\n\r\n",
        "\u0016\u0003\u0001 garbage\r\n\r\n",
        "\r\n\r\n"
      })
  void garbageIs400(String request) throws Exception {
    assertThat(send(request)).startsWith("HTTP/1.1 400 Bad Request\r\n");
  }

  @Test
  void aHeadBeyondTheLimitIs431() throws Exception {
    assertThat(send("GET /livez HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void aHeadThatArrivesInPiecesIsRead() throws Exception {
    try (Socket client = connect()) {
      client.setTcpNoDelay(true);
      for (byte one : "GET /livez HTTP/1.0\r\n\r\n".getBytes(US_ASCII)) {
        client.getOutputStream().write(one);
      }
      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).contains(" 200 OK");
    }
  }

  @Test
  void aPageThatFailsIs500() throws Exception {
    assertThat(get("/broken")).startsWith("HTTP/1.1 500 Internal Server Error\r\n");
  }

  @Test
  void aPortInUseIsNamed() {
    HostPort taken = new HostPort("127.0.0.1", responder.address().getPort());
    assertThatThrownBy(() -> PlainResponder.open(taken, Map.of(), Ticker.system()))
        .isInstanceOf(IOException.class)
        .hasMessage("listener metrics: cannot listen on " + taken + ": Address already in use");
  }
}
