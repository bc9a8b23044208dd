package dev.weir.bench.drill;

import dev.weir.bench.proc.Child;
import dev.weir.bench.run.Lab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Audit backends as processes of their own, so that they can be killed. */
final class Backends {
  private final Lab lab;
  private final Path folder;
  private final List<Child> processes = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final List<Path> logs = new ArrayList<>();

  /** None yet. */
  Backends(Lab lab, Path folder) {
    this.lab = lab;
    this.folder = folder;
  }

  /**
   * Starts one more.
   *
   * @param delayMillis how long it takes to answer
   */
  void start(int delayMillis) {
    String name = "b" + (processes.size() + 1);
    int port = lab.ports().take();
    Path log = folder.resolve(name + ".arrivals");
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.weir.bench.Main",
            "audit-backend",
            "--name",
            name,
            "--port",
            String.valueOf(port),
            "--delay",
            String.valueOf(delayMillis),
            "--log",
            log.toString());
    processes.add(lab.backend(name, command, port));
    ports.add(port);
    logs.add(log);
  }

  Child get(int index) {
    return processes.get(index);
  }

  List<Integer> ports() {
    return List.copyOf(ports);
  }

  List<Path> logs() {
    return List.copyOf(logs);
  }
}
