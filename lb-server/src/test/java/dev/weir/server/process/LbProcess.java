package dev.weir.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.server.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real program in a process of its own, on the Java that runs the tests. */
final class LbProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private LbProcess(Process process) {
    this.process = process;
    reader = new Thread(this::read, "lb-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts {@code lb arguments} in a folder. */
  static LbProcess start(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    // A JVM never handles a signal that was ignored when it started, as under nohup.
    command.addAll(List.of("env", "--default-signal=HUP,INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dio.netty.leakDetection.level=paranoid");
    command.add("-Dlogback.configurationFile=logback.xml"); // not the one for tests
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    return new LbProcess(
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start());
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException closed) {
      lines.add("(output closed: " + closed.getMessage() + ")");
    }
  }

  /** Everything that was printed until now, on either stream. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits for a line that contains the pattern, and gives its first group. */
  String awaitLine(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              boolean ended = !process.isAlive(); // asked first: its last lines may come late
              assertThat(find(compiled).isPresent() || ended)
                  .as("a line with %s in %s", pattern, lines)
                  .isTrue();
            });
    assertThat(find(compiled)).as("a line with %s in %s", pattern, lines).isPresent();
    return find(compiled).orElseThrow();
  }

  private Optional<String> find(Pattern pattern) {
    return lines.stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(match.groupCount() > 0 ? 1 : 0))
        .findFirst();
  }

  /** The port a listener got. */
  int port(String listener) {
    return Integer.parseInt(awaitLine("listener " + listener + " \\(\\w+\\) on [^ ]*:(\\d+)$"));
  }

  int metricsPort() {
    return Integer.parseInt(awaitLine("health and metrics on [^ ]*:(\\d+)$"));
  }

  int adminPort() {
    return Integer.parseInt(awaitLine("admin API on [^ ]*:(\\d+), "));
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Sends TERM, INT, HUP, USR1 or KILL. */
  void signal(String name) throws IOException, InterruptedException {
    int sent = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    assertThat(sent).as("kill -%s", name).isZero();
  }

  /** Waits for the end. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("ended within %s; printed %s", PATIENCE, lines)
        .isTrue();
    reader.join(PATIENCE.toMillis());
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
