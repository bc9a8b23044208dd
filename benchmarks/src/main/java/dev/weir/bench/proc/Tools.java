package dev.weir.bench.proc;

import dev.weir.bench.UnfitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of the machine that the harness calls, and the small C ones that it compiles itself. */
public final class Tools {
  private static final Map<String, String> PACKAGES =
      Map.of(
          "haproxy", "haproxy",
          "nginx", "nginx",
          "wrk", "wrk",
          "gcc", "gcc libc6-dev",
          "taskset", "util-linux");
  private static final Path NGINX_MODULES = Path.of("/usr/lib/nginx/modules");

  private final Path folder;

  /**
   * Tools.
   *
   * @param folder the {@code benchmarks} folder of the source tree
   */
  public Tools(Path folder) {
    this.folder = folder;
  }

  /** The {@code benchmarks} folder of the source tree. */
  public Path folder() {
    return folder;
  }

  /** Where a program is: on PATH, or in a place for administrators. */
  public static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin";
    return Stream.of(path.split(":"))
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Checks that programs are there.
   *
   * @throws UnfitException naming everything that is missing and the Debian packages to install
   */
  public static void require(Collection<String> programs) {
    List<String> missing = programs.stream().distinct().filter(p -> find(p).isEmpty()).toList();
    if (!missing.isEmpty()) {
      List<String> packages = missing.stream().map(p -> PACKAGES.getOrDefault(p, p)).toList();
      throw new UnfitException(
          "missing: "
              + String.join(", ", missing)
              + ". On Debian: apt-get install "
              + String.join(" ", packages));
    }
  }

  /** The folder of NGINX's dynamic modules, which must hold the stream module. */
  public static Path nginxStream() {
    if (!Files.isReadable(NGINX_MODULES.resolve("ngx_stream_module.so"))) {
      throw new UnfitException(
          "missing: NGINX's stream module. On Debian: apt-get install libnginx-mod-stream");
    }
    return NGINX_MODULES;
  }

  /** One of our C programs, compiled when its source is newer. */
  public Path compiled(String name) {
    Path source = folder.resolve("load").resolve(name + ".c");
    Path binary = folder.resolve("target/load").resolve(name);
    try {
      if (Files.exists(binary)
          && Files.getLastModifiedTime(binary).compareTo(Files.getLastModifiedTime(source)) >= 0) {
        return binary;
      }
      Files.createDirectories(binary.getParent());
    } catch (IOException failure) {
      throw new UnfitException("cannot prepare " + binary + ": " + failure.getMessage());
    }
    require(List.of("gcc"));
    String said =
        output(List.of("gcc", "-O2", "-Wall", "-o", binary.toString(), source.toString()));
    if (!Files.exists(binary)) {
      throw new UnfitException("cannot compile " + source + ":\n" + said);
    }
    return binary;
  }

  /** Everything a short program prints, both outputs; the reason when it cannot be started. */
  public static String output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException failure) {
      return "(" + failure.getMessage() + ")";
    }
  }
}
