package dev.weir.bench.run;

import dev.weir.bench.UsageException;
import dev.weir.bench.proc.Tools;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is measured: which load, through which kind of proxy, against which port of the backend, and
 * in which unit its cost is given. The numbers are those of {@code docs/performance.md}.
 */
public enum Scenario {
  /** Small answers on connections that stay. */
  S1("small GET of 1 KB, keep-alive", Family.HTTP, Unit.REQUEST, 64) {
    @Override
    List<String> load(Load load) {
      return load.wrk("/1k");
    }
  },
  /** One request on each connection. */
  S2("GET of 1 KB, one connection per request", Family.HTTP, Unit.REQUEST, 64) {
    @Override
    List<String> load(Load load) {
      return load.wrk("/1k", "close");
    }
  },
  /** Large answers. */
  S3("GET of 64 KB, keep-alive", Family.HTTP, Unit.REQUEST, 64) {
    @Override
    List<String> load(Load load) {
      return load.wrk("/64k");
    }
  },
  /** Request bodies. */
  S4("POST of 16 KB, keep-alive", Family.HTTP, Unit.REQUEST, 64) {
    @Override
    List<String> load(Load load) {
      return load.wrk("/post", "post", "16384");
    }
  },
  /** Bulk from the backend to the client. */
  S7_BULK("TCP bulk, backend to client", Family.DOWN, Unit.BYTE, 4) {
    @Override
    List<String> load(Load load) {
      return load.tcp("down", 1);
    }
  },
  /** Bulk from the client to the backend. */
  S7_UP("TCP bulk, client to backend", Family.SINK, Unit.BYTE, 4) {
    @Override
    List<String> load(Load load) {
      return load.tcp("up", 1);
    }
  },
  /** Small messages to and fro. */
  S7_PING("TCP ping-pong of 64 bytes", Family.ECHO, Unit.ROUND_TRIP, 64) {
    @Override
    List<String> load(Load load) {
      return load.tcp("ping", 64);
    }
  },
  /** Short connections. */
  S7_CHURN("TCP connect, one byte to and fro, close", Family.ECHO, Unit.CONNECTION, 32) {
    @Override
    List<String> load(Load load) {
      return load.tcp("churn", 1);
    }
  },
  /** Latency that the proxy adds at a fixed rate. */
  S9("5,000 GETs of 1 KB a second, open loop", Family.HTTP, Unit.REQUEST, 64) {
    @Override
    List<String> load(Load load) {
      return load.openLoop("/1k", 5000);
    }

    @Override
    List<String> warmup(Load load) {
      return S1.load(load);
    }
  };

  /** Which configuration of the proxies it needs, and which port of the backend. */
  enum Family {
    HTTP,
    DOWN,
    SINK,
    ECHO;

    boolean http() {
      return this == HTTP;
    }
  }

  /** What the cost is per. */
  enum Unit {
    REQUEST("us/request", 1000),
    ROUND_TRIP("us/round trip", 1000),
    CONNECTION("us/connection", 1000),
    BYTE("ns/byte", 1);

    final String text;
    final double nanos;

    Unit(String text, double nanos) {
      this.text = text;
      this.nanos = nanos;
    }
  }

  /**
   * One run of a load generator.
   *
   * @param port what it talks to
   */
  record Load(Tools tools, int port, int connections, int seconds, String congestion) {
    List<String> wrk(String path, String... arguments) {
      String script = tools.folder().resolve("load/wrk.lua").toString();
      String url = "http://127.0.0.1:" + port + path;
      List<String> command =
          List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "-s", script, url, "--");
      return concat(command, arguments);
    }

    List<String> tcp(String mode, int size) {
      return concat(
          List.of(tools.compiled("tcpload").toString(), mode),
          String.valueOf(port),
          String.valueOf(connections),
          String.valueOf(seconds),
          String.valueOf(size),
          congestion);
    }

    List<String> openLoop(String path, int rate) {
      return concat(
          List.of(tools.compiled("httpload").toString(), String.valueOf(port), path),
          String.valueOf(rate),
          String.valueOf(seconds),
          String.valueOf(connections));
    }

    private static List<String> concat(List<String> first, String... rest) {
      return java.util.stream.Stream.concat(first.stream(), Arrays.stream(rest)).toList();
    }
  }

  private final String title;
  private final Family family;
  private final Unit unit;
  private final int connections;

  Scenario(String title, Family family, Unit unit, int connections) {
    this.title = title;
    this.family = family;
    this.unit = unit;
    this.connections = connections;
  }

  /** The command of the load generator; it prints one line that begins with WEIR. */
  abstract List<String> load(Load load);

  /** The load that warms a JVM up; the scenario's own unless that would take too long. */
  List<String> warmup(Load load) {
    return load(load);
  }

  /** Its name on the command line. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String title() {
    return title;
  }

  Family family() {
    return family;
  }

  Unit unit() {
    return unit;
  }

  int connections() {
    return connections;
  }

  /** Whether latency is the point, so that the backend alone is measured beside the proxies. */
  boolean latency() {
    return this == S9;
  }

  /** CPU seconds that a JVM is warmed up by unless told otherwise. */
  int warmupSeconds() {
    return latency() ? 60 : 10;
  }

  /**
   * Scenarios by their names on the command line.
   *
   * @param names comma-separated; {@code http} and {@code tcp} stand for all of their kind
   */
  static List<Scenario> list(String names) {
    return switch (names) {
      case "http" -> Arrays.stream(values()).filter(s -> s.family().http()).toList();
      case "tcp" -> Arrays.stream(values()).filter(s -> !s.family().http()).toList();
      default -> Arrays.stream(names.split(",", -1)).map(Scenario::of).toList();
    };
  }

  private static Scenario of(String id) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new UsageException("unknown scenario '" + id + "'; known: " + names()));
  }

  /** All names. */
  public static String names() {
    return Arrays.stream(values()).map(Scenario::id).collect(Collectors.joining(", "))
        + "; http and tcp for all of a kind";
  }
}
