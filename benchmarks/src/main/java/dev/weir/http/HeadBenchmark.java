package dev.weir.http;

import dev.weir.core.config.HostPort;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MatchConfig;
import dev.weir.core.config.RouteConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The head path: parse, route, serialise. In the package of what it measures, which is not public;
 * never shipped. What it allocates must be nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadBenchmark {
  private static final String WRK = "GET /1k HTTP/1.1\r\nHost: h7.example.com\r\n\r\n";
  private static final String BROWSER =
      """
      GET /search?q=load+balancer&page=2 HTTP/1.1
      Host: h7.example.com
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: en-GB,en;q=0.7,de;q=0.3
      Accept-Encoding: gzip, deflate, br
      Referer: https://h7.example.com/
      Connection: keep-alive
      Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=yes
      Upgrade-Insecure-Requests: 1
      Sec-Fetch-Dest: document
      Sec-Fetch-Mode: navigate
      Sec-Fetch-Site: same-origin
      Priority: u=0, i

      """
          .replace("\n", "\r\n");
  private static final String LARGE =
      BROWSER.substring(0, BROWSER.length() - 2)
          + "X-Trace-Detail: 0123456789\r\n".repeat(80)
          + "\r\n";
  private static final String BARE = "HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n";
  private static final String RESPONSE =
      """
      HTTP/1.1 200 OK
      Server: nginx
      Date: Fri, 20 Nov 2026 09:00:00 GMT
      Content-Type: text/html; charset=utf-8
      Content-Length: 1024
      Connection: keep-alive
      ETag: "65f1c3a0-400"
      Cache-Control: max-age=60
      Vary: Accept-Encoding

      """
          .replace("\n", "\r\n");

  private final HeadParser requests = HeadParser.requests(8 * 1024, 32 * 1024, 100);
  private final HeadParser responses = HeadParser.responses(32 * 1024, 100);
  private final Head head = new Head(new HeadSpace());
  private final Head parsed = new Head(new HeadSpace());
  private final HeadWriter out = new HeadWriter();
  private final ByteBuf wrk = bytes(WRK);
  private final ByteBuf browser = bytes(BROWSER);
  private final ByteBuf large = bytes(LARGE);
  private final ByteBuf bare = bytes(BARE);
  private final ByteBuf response = bytes(RESPONSE);
  private final Head answer = new Head(new HeadSpace());

  private static ByteBuf bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
  }

  /** Parses the heads that the serialiser writes. */
  @Setup
  public void prepare() {
    parse(requests, parsed, browser);
    parse(responses, answer, response);
  }

  private static Head parse(HeadParser parser, Head into, ByteBuf bytes) {
    bytes.readerIndex(0);
    into.clear();
    if (!parser.read(into, bytes) || into.fault != null) {
      throw new IllegalStateException("not a head: " + into.fault);
    }
    return into;
  }

  /** The two lines that wrk sends. */
  @Benchmark
  public Head parseSmallRequest() {
    return parse(requests, head, wrk);
  }

  /** Fourteen lines of a browser. */
  @Benchmark
  public Head parseBrowserRequest() {
    return parse(requests, head, browser);
  }

  /** A request of 94 lines, of which the array of a head must have grown once. */
  @Benchmark
  public Head parseLargeRequest() {
    return parse(requests, head, large);
  }

  /** A response of one field. */
  @Benchmark
  public Head parseSmallResponse() {
    return parse(responses, head, bare);
  }

  /** A response of nine lines. */
  @Benchmark
  public Head parseResponse() {
    return parse(responses, head, response);
  }

  /** From a parsed head to the fields that go on, without those that are written anew. */
  @Benchmark
  public int serialise() {
    out.clear();
    out.add(parsed.bytes, parsed.methodStart, parsed.targetEnd);
    return out.addFields(parsed).length();
  }

  /** A status line by its parts, the fields, and a number. */
  @Benchmark
  public int serialiseResponse() {
    out.clear();
    out.addDecimal(answer.status).add(' ').add(answer.bytes, answer.reasonStart, answer.reasonEnd);
    out.addFields(answer).addDecimal(1024).addHex16(0x0123456789abcdefL);
    return out.length();
  }

  /** The route of a parsed head, among many hosts. */
  @State(Scope.Thread)
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public static class RouteBenchmark {
    /** Hosts of the listener, each with a route of its own. */
    @Param({"10", "10000"})
    public int hosts;

    private static final Client STRANGER =
        new Client() {
          @Override
          public InetAddress source() {
            return InetAddress.getLoopbackAddress();
          }

          @Override
          public boolean trusted() {
            return false;
          }
        };

    private final Head parsed = new Head(new HeadSpace());
    private Router router;

    /** Builds the router. */
    @Setup
    public void prepare() {
      List<RouteConfig> routes = new ArrayList<>();
      for (int i = 0; i < hosts; i++) {
        List<String> names = List.of("h" + i + ".example.com");
        routes.add(RouteConfig.of(MatchConfig.of(names, null), "pool"));
      }
      HostPort bind = new HostPort("127.0.0.1", 0);
      router =
          new Router(new ListenerConfig(bind, "http", routes, null, null, null, null), Map.of());
      parse(HeadParser.requests(8 * 1024, 32 * 1024, 100), parsed, bytes(BROWSER));
    }

    /** The route of a parsed head. */
    @Benchmark
    public Object route() {
      return router.route(parsed, STRANGER);
    }
  }
}
