package dev.weir.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * What this build is; written by the build into resources.
 *
 * @param version the product's version
 * @param commit the source it was built from; {@code unknown} outside a repository
 * @param netty Netty's version
 */
public record Version(String version, String commit, String netty) {
  /** Reads the build's resources. */
  public static Version read() {
    Properties properties = new Properties();
    try (InputStream in = resource("version.properties");
        InputStream commit = resource("commit")) {
      properties.load(in);
      return new Version(
          properties.getProperty("version"),
          commit == null
              ? "unknown"
              : new String(commit.readAllBytes(), StandardCharsets.US_ASCII).strip(),
          properties.getProperty("netty"));
    } catch (IOException broken) {
      throw new IllegalStateException("the resources of this build cannot be read", broken);
    }
  }

  private static InputStream resource(String name) {
    return Version.class.getResourceAsStream(name);
  }

  @Override
  public String toString() {
    return "weir %s (commit %s)%nnetty %s%njava %s, %s"
        .formatted(
            version,
            commit,
            netty,
            System.getProperty("java.vm.version"),
            System.getProperty("java.vm.name"));
  }
}
