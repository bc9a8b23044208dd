package dev.weir.bench.drill;

import dev.weir.bench.proc.Child;
import dev.weir.bench.run.Lab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Audit backends as processes of their own, so that they can be killed. */
public final class Backends {
  private final Lab lab;
  private final Path folder;
  private final List<Child> processes = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final List<Path> logs = new ArrayList<>();
  private int lives;

  /** None yet. */
  public Backends(Lab lab, Path folder) {
    this.lab = lab;
    this.folder = folder;
  }

  /**
   * Starts one more.
   *
   * @param delayMillis how long it takes to answer
   */
  public void start(int delayMillis) {
    int port = lab.ports().take();
    processes.add(launch(processes.size(), port, delayMillis));
    ports.add(port);
  }

  /** Starts one again that was killed, at its port, with another log. */
  public void again(int index, int delayMillis) {
    lab.forget(processes.get(index));
    processes.set(index, launch(index, ports.get(index), delayMillis));
  }

  private Child launch(int index, int port, int delayMillis) {
    String name = "b" + (index + 1);
    Path log = folder.resolve(name + "-" + ++lives + ".arrivals");
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
    logs.add(log);
    return lab.backend(name, command, port);
  }

  /** One of them. */
  public Child get(int index) {
    return processes.get(index);
  }

  /** What they accept on, in order. */
  public List<Integer> ports() {
    return List.copyOf(ports);
  }

  /** What arrived, of all their lives. */
  public List<Path> logs() {
    return List.copyOf(logs);
  }
}
