package dev.weir.bench.proc;

import dev.weir.bench.UnfitException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process started by the harness, its output in a file. Those that still run when the harness
 * ends are killed with it, by handle, never by name.
 */
public final class Child implements AutoCloseable {
  private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Child::kill)));
  }

  private final String name;
  private final Process process;
  private final Path log;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a process.
   *
   * @param cpus where it may run, as {@code taskset} writes it; empty: anywhere
   * @param environment added to ours
   * @param log takes both outputs, appended
   */
  public static Child start(
      String name, List<String> command, String cpus, Map<String, String> environment, Path log) {
    List<String> pinned = new ArrayList<>();
    if (!cpus.isEmpty()) {
      pinned.addAll(List.of("taskset", "-c", cpus));
    }
    pinned.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(pinned);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try {
      Child child = new Child(name, builder.start(), log);
      RUNNING.add(child);
      return child;
    } catch (IOException failure) {
      throw new UnfitException("cannot start " + name + ": " + failure.getMessage());
    }
  }

  /** Its name in reports. */
  public String name() {
    return name;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** The process and everything it has started. */
  public List<Long> pids() {
    return Stream.concat(Stream.of(process.pid()), process.descendants().map(ProcessHandle::pid))
        .toList();
  }

  /** Its CPU time so far. */
  public CpuSample cpu() {
    return CpuSample.of(pids());
  }

  /** Its command line as the kernel knows it. */
  public String commandLine() {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline"));
      return new String(line, StandardCharsets.UTF_8).replace('\0', ' ').trim();
    } catch (IOException gone) {
      return "";
    }
  }

  /**
   * Waits until something accepts on a port of 127.0.0.1.
   *
   * @throws UnfitException with the end of its output, when it ends before that or takes too long
   */
  public void awaitPort(int port, Duration limit) {
    long until = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < until && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        return;
      } catch (IOException notYet) {
        pause(20);
      }
    }
    String state = process.isAlive() ? "does not listen on port " + port : "has ended";
    kill();
    throw new UnfitException(name + " " + state + "; the end of " + log + ":\n" + tail());
  }

  /** The last 2,000 characters of its output. */
  public String tail() {
    try {
      String all = Files.readString(log);
      return all.substring(Math.max(0, all.length() - 2000)).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Sends SIGKILL to it and to what it has started, and waits until it is gone, at most 5 s. */
  public void kill() {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    awaitEnd(Duration.ofSeconds(5));
    RUNNING.remove(this);
  }

  /** Sends SIGKILL and does not wait. */
  public void killNow() {
    process.destroyForcibly();
  }

  /** Waits for the end; false when it takes longer than the limit. */
  public boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Its exit status, once it has ended. */
  public int status() {
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }

  /** Sleeps; this is a command-line tool whose main thread has nothing better to do. */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnfitException("interrupted");
    }
  }
}
