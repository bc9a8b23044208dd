package dev.weir.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Foreign programs that a test runs, in a folder of its own; they end with it. */
final class Programs implements AutoCloseable {
  static final Path OPENSSL = Path.of("/usr/bin/openssl");
  static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

  private final Path folder;
  private final List<Process> running = new ArrayList<>();

  /** Skips the test, saying so, when one of the programs is not here. */
  Programs(Path folder, Path... needed) {
    this.folder = folder;
    for (Path program : needed) {
      Assumptions.assumeTrue(
          Files.isExecutable(program), program + " is not here: it was not asked");
    }
  }

  static InetSocketAddress freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return (InetSocketAddress) free.getLocalSocketAddress();
    }
  }

  /** Starts one that goes on until the end of the test. */
  Process start(String log, String... command) throws IOException {
    Process process = builder(command).redirectOutput(folder.resolve(log).toFile()).start();
    running.add(process);
    return process;
  }

  /** Runs one to its end; what it has said. */
  String run(String... command) throws IOException, InterruptedException {
    Process process = builder(command).start();
    running.add(process);
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said).isTrue();
    return said;
  }

  private ProcessBuilder builder(String... command) {
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
  }

  /** A certificate for a name, with its key, as {@code NAME.pem}. */
  void certificate(String name) throws IOException, InterruptedException {
    String options = "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out cert.pem";
    List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("-subj", "/CN=" + name, "-addext", "subjectAltName=DNS:" + name));
    String said = run(command.toArray(String[]::new));
    assertThat(folder.resolve("cert.pem")).as(said).exists();
    Files.writeString(
        folder.resolve(name + ".pem"),
        Files.readString(folder.resolve("cert.pem")) + Files.readString(folder.resolve("key.pem")));
  }

  String log(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : running) {
      process.destroyForcibly().waitFor();
    }
  }
}
