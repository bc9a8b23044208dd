package dev.weir.server.sockets;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A machine of a network that exists for one test: a network namespace, held by a process that ends
 * with its input. Needs the rights of root.
 */
final class Network implements AutoCloseable {
  private final Process holder;
  private final List<Process> started = new ArrayList<>();

  private Network(Process holder) {
    this.holder = holder;
  }

  /** A machine with nothing but itself. */
  static Network machine() throws Exception {
    Network machine =
        new Network(
            new ProcessBuilder("unshare", "--net", "cat").redirectErrorStream(true).start());
    Path ours = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
    Path its = Path.of("/proc/" + machine.holder.pid() + "/ns/net");
    await().ignoreExceptions().until(() -> !Files.readSymbolicLink(its).equals(ours));
    machine.run("ip", "link", "set", "lo", "up");
    return machine;
  }

  /** Skips the test where there are no such machines. */
  static void needed() throws Exception {
    boolean able;
    try {
      String make = "ip link add a0 type veth peer name a1 && ip rule add iif a0 lookup 100";
      Process trial = new ProcessBuilder("unshare", "--net", "sh", "-c", make).start();
      able = trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0;
    } catch (IOException none) {
      able = false;
    }
    Assumptions.assumeTrue(able, "needs root, unshare, and ip with veth");
  }

  private List<String> inside(String... command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "-t", "" + holder.pid(), "-n"));
    all.addAll(List.of(command));
    return all;
  }

  /** Runs a command on this machine to its end, and gives what it has said. */
  String run(String... command) throws Exception {
    Process process = new ProcessBuilder(inside(command)).redirectErrorStream(true).start();
    started.add(process);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + said);
    }
    return said;
  }

  /** Connects it with another machine by a cable; each end gets an address. */
  void connect(String name, String address, Network other, String otherAddress) throws Exception {
    run("ip", "link", "add", name, "type", "veth", "peer", "name", name + "x");
    run("ip", "link", "set", name + "x", "netns", "" + other.holder.pid());
    run("ip", "addr", "add", address + "/24", "dev", name);
    run("ip", "link", "set", name, "up");
    other.run("ip", "addr", "add", otherAddress + "/24", "dev", name + "x");
    other.run("ip", "link", "set", name + "x", "up");
    other.run("ip", "route", "add", "default", "via", address);
  }

  /** Starts a program of ours on this machine and waits until it says something. */
  void start(String says, String... javaArguments) throws Exception {
    Process process = java(javaArguments);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      all.append(line).append('\n');
      if (line.contains(says)) {
        return;
      }
    }
    throw new AssertionError("ended without saying '" + says + "': " + all);
  }

  /** Runs a program of ours on this machine to its end, and gives what it has said. */
  String java(List<String> before, String... javaArguments) throws Exception {
    Process process = process(before, javaArguments);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private Process java(String... javaArguments) throws IOException {
    return process(List.of(), javaArguments);
  }

  private Process process(List<String> before, String... javaArguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dlogback.configurationFile=logback.xml"); // not the one for tests
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(javaArguments));
    Process process =
        new ProcessBuilder(inside(command.toArray(String[]::new)))
            .redirectErrorStream(true)
            .start();
    started.add(process);
    return process;
  }

  @Override
  public void close() throws Exception {
    started.forEach(Process::destroyForcibly);
    for (Process process : started) {
      process.waitFor();
    }
    holder.destroyForcibly().waitFor();
  }
}
