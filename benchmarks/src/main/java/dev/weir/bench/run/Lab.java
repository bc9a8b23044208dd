package dev.weir.bench.run;

import dev.weir.bench.UnfitException;
import dev.weir.bench.proc.Child;
import dev.weir.bench.proc.Jdks;
import dev.weir.bench.proc.Ports;
import dev.weir.bench.proc.Templates;
import dev.weir.bench.proc.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts backends and proxies for one scenario or drill and ends them with it. What each proxy ran
 * with is kept in a folder of its own under the report.
 */
public final class Lab implements AutoCloseable {
  /** Ends the name of a target that writes an access log. */
  static final String LOG = "-log";

  private static final String ACCESS = "access.log";
  private static final long MANY_BYTES = 1 << 20;
  private static final Duration START = Duration.ofSeconds(30);

  private final Settings settings;
  private final Path folder;
  private final Tools tools;
  private final Ports ports = new Ports();
  private final List<Child> children = new ArrayList<>();
  private final List<Path> logFolders = new ArrayList<>();

  /** A lab whose files go to the folder. */
  public Lab(Settings settings, Path folder) {
    this.settings = settings;
    this.folder = folder;
    tools = new Tools(settings.folder());
  }

  /** The machine's programs. */
  public Tools tools() {
    return tools;
  }

  /** Free ports. */
  public Ports ports() {
    return ports;
  }

  /** Everything that was started. */
  public List<Child> children() {
    return List.copyOf(children);
  }

  /**
   * Starts a process on the CPU of the load.
   *
   * @param port what it will accept on
   */
  public Child backend(String name, List<String> command, int port) {
    Path own = make(name);
    Child child =
        Child.start(name, command, settings.loadCpu(), Map.of(), own.resolve("output.txt"));
    children.add(child);
    child.awaitPort(port, START);
    return child;
  }

  /** Starts the backend in C; its ports. */
  Map<Scenario.Family, Integer> responder() {
    List<String> command = new ArrayList<>();
    command.add(tools.compiled("responder").toString());
    Map<Scenario.Family, Integer> all = new EnumMap<>(Scenario.Family.class);
    for (Scenario.Family family : Scenario.Family.values()) { // in the order of its arguments
      all.put(family, ports.take());
      command.add(String.valueOf(all.get(family)));
    }
    command.add(Environment.congestion());
    backend("backend", command, all.get(Scenario.Family.HTTP));
    return all;
  }

  /** Starts a TCP backend that gives back what it gets; its port. */
  public int echoBackend() {
    return responder().get(Scenario.Family.ECHO);
  }

  /** A child that has ended and is of no interest any more. */
  public void forget(Child child) {
    child.kill();
    children.remove(child);
  }

  /** Starts NGINX on the CPU of the load, with a committed configuration. */
  public Child nginxBackend(Path template, Map<String, String> holes, int port) {
    Path own = make("backend");
    Map<String, String> values = new HashMap<>(holes);
    values.put("dir", own.toString());
    values.put("port", String.valueOf(port));
    Path config = Templates.write(template, values, own.resolve("nginx.conf"));
    file(own.resolve("files/1k"), 1024);
    file(own.resolve("files/64k"), 65_536);
    return backend("backend", List.of("nginx", "-p", own + "/", "-c", config.toString()), port);
  }

  private static void file(Path path, int bytes) {
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, "x".repeat(bytes));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The major version of the JDK of a target such as {@code weir} or {@code weir-jdk17}. */
  private int jdk(String target) {
    return target.startsWith("weir-jdk")
        ? Integer.parseInt(plain(target).substring("weir-jdk".length()))
        : settings.jdks().get(0);
  }

  private static boolean logs(String target) {
    return target.endsWith(LOG);
  }

  private static String plain(String target) {
    return logs(target) ? target.substring(0, target.length() - LOG.length()) : target;
  }

  /**
   * Starts a target and waits until it accepts.
   *
   * @param target its name, see {@link Settings#targets}
   * @param kind {@code http}, {@code tcp} or {@code three}: which of its configurations
   * @param backends ports of the backends
   */
  public Proxy proxy(String target, String kind, List<Integer> backends) {
    if (logs(target)) {
      logFolders.add(folder.resolve(target));
    }
    Map<String, String> holes = new HashMap<>();
    for (int i = 0; i < backends.size(); i++) {
      holes.put("backend" + (i + 1), String.valueOf(backends.get(i)));
    }
    if (target.startsWith("weir")) {
      return weir(target, kind, holes, jdk(target));
    }
    String plain = plain(target);
    String variant = plain.endsWith("-splice") ? kind + "-splice" : kind;
    holes.put("bufsize", plain.endsWith("-64k") ? "65536" : "16384");
    return target.startsWith("haproxy")
        ? peer(target, "haproxy-" + variant + ".cfg", holes)
        : peer(target, "nginx-" + variant + ".conf", holes);
  }

  private Proxy peer(String name, String template, Map<String, String> holes) {
    Path own = make(name);
    int port = ports.take();
    holes.put("port", String.valueOf(port));
    holes.put("dir", own.toString());
    boolean haproxy = name.startsWith("haproxy");
    if (haproxy) {
      holes.put("log", logs(name) ? "log stdout format raw local0" : "no log");
    } else {
      String format = template.equals("nginx-tcp.conf") ? "session" : "combined";
      String file = own.resolve(ACCESS) + " " + format + " buffer=64k flush=1s";
      holes.put("log", logs(name) ? file : "off");
    }
    if (template.equals("nginx-tcp.conf")) {
      holes.put("modules", Tools.nginxStream().toString());
    }
    Path config =
        Templates.write(
            settings.folder().resolve("peers").resolve(template), holes, own.resolve(template));
    List<String> command =
        haproxy
            ? List.of("haproxy", "-db", "-f", config.toString())
            : List.of("nginx", "-p", own + "/", "-c", config.toString());
    return started(new Proxy(name, launch(name, command, Map.of(), own), port, 0, 0, false, own));
  }

  private Proxy weir(String name, String kind, Map<String, String> holes, int jdk) {
    Path own = make(name);
    int port = ports.take();
    int admin = ports.take();
    int metrics = ports.take();
    holes.put("port", String.valueOf(port));
    holes.put("admin", String.valueOf(admin));
    holes.put("metrics", String.valueOf(metrics));
    holes.put("log", logs(name) ? "file:" + own.resolve(ACCESS) : "off");
    holes.put("dir", own.toString());
    Path template = settings.folder().resolve("weir").resolve(kind + ".yaml");
    Templates.write(template, holes, own.resolve("lb.yaml"));
    return started(new Proxy(name, launchWeir(name, own, jdk), port, admin, metrics, true, own));
  }

  private Child launchWeir(String name, Path own, int jdk) {
    List<String> command = new ArrayList<>();
    for (String word : settings.weirCommand().split(" +")) {
      command.add(word.replace("{config}", own.resolve("lb.yaml").toString()));
    }
    if (command.get(0).contains("/") && !Files.isExecutable(Path.of(command.get(0)))) {
      throw new UnfitException(
          command.get(0)
              + " is missing. Build it (mvn -B -DskipTests package), name another with"
              + " --weir-command, or leave Weir out with --without weir");
    }
    Map<String, String> environment =
        Map.of(
            "LB_JAVA",
            Jdks.java(jdk).toString(),
            "LB_OPTS",
            settings.jvmFlags(),
            // neither build nor make archives in the background of a measurement
            "LB_BUILD",
            "no",
            "LB_ARCHIVE",
            "no");
    return launch(name, command, environment, own);
  }

  /** Starts a Weir again that has ended, with its configuration, state and ports. */
  public Proxy again(Proxy weir) {
    children.remove(weir.child());
    Child child = launchWeir(weir.name(), weir.folder(), jdk(weir.name()));
    return started(
        new Proxy(
            weir.name(), child, weir.port(), weir.admin(), weir.metrics(), true, weir.folder()));
  }

  private Child launch(
      String name, List<String> command, Map<String, String> environment, Path own) {
    Child child =
        Child.start(name, command, settings.proxyCpu(), environment, own.resolve("output.txt"));
    children.add(child);
    return child;
  }

  private static Proxy started(Proxy proxy) {
    proxy.child().awaitPort(proxy.port(), START);
    return proxy;
  }

  private Path make(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Names of programs that targets need. */
  static List<String> programs(List<String> targets) {
    return Arrays.asList("haproxy", "nginx").stream()
        .filter(program -> targets.stream().anyMatch(target -> target.startsWith(program)))
        .toList();
  }

  @Override
  public void close() {
    children.forEach(Child::kill);
    children.clear();
    logFolders.forEach(Lab::removeLogs);
  }

  /** Access logs of a run are of no use, and of gigabytes. */
  private static void removeLogs(Path own) {
    try {
      Files.deleteIfExists(own.resolve(ACCESS));
      Path output = own.resolve("output.txt");
      if (Files.exists(output) && Files.size(output) > MANY_BYTES) {
        Files.delete(output);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
