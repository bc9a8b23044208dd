package dev.weir.server.ctl;

import dev.weir.core.config.AdminConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * Where the balancer is and what opens its admin API: options first, then the environment, then the
 * configuration file.
 */
final class Target {
  private static final Path DEFAULT_FILE = Path.of("conf", "lb.yaml");
  private static final String TOKEN_FILE = "admin.token";

  private final Map<String, String> environment = System.getenv();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "The balancer's configuration, for its admin address; default conf/lb.yaml.")
  private Path file;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "The admin API, such as http://127.0.0.1:9900; default $$WEIR_ADMIN, then -c.")
  private String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Its token; default $$WEIR_TOKEN_FILE, then admin.token in the state folder.")
  private Path tokenFile;

  /**
   * A client for that.
   *
   * @throws ParameterException for what is no URL, or would show the token to the network
   * @throws CtlFailure when a file cannot be read
   */
  AdminClient client(CommandLine command) throws CtlFailure {
    String address = url != null ? url : environment.get("WEIR_ADMIN");
    Path token = tokenFile != null ? tokenFile : path(environment.get("WEIR_TOKEN_FILE"));
    if (address == null || token == null) {
      AdminConfig admin = admin();
      address = address == null ? "http://" + admin.bind() : address;
      token = token == null ? Path.of(admin.state(), TOKEN_FILE) : token;
    }
    return new AdminClient(uri(address, command), read(token));
  }

  private static Path path(String name) {
    return name == null ? null : Path.of(name);
  }

  private AdminConfig admin() throws CtlFailure {
    if (file == null && !Files.exists(DEFAULT_FILE)) {
      return new AdminConfig(null, null);
    }
    return ConfigFile.admin(file == null ? DEFAULT_FILE : file);
  }

  private static URI uri(String address, CommandLine command) {
    try {
      URI uri = new URI(address);
      boolean secure = "https".equalsIgnoreCase(uri.getScheme());
      if (uri.getHost() == null || !(secure || "http".equalsIgnoreCase(uri.getScheme()))) {
        throw new ParameterException(command, "'" + address + "' is not an http URL");
      }
      if (!secure && !InetAddress.getByName(uri.getHost()).isLoopbackAddress()) {
        throw new ParameterException(
            command,
            "'"
                + address
                + "' would send the token over the network unencrypted; use https,"
                + " or a tunnel to localhost");
      }
      return uri;
    } catch (URISyntaxException malformed) {
      throw new ParameterException(command, "'" + address + "' is not a URL");
    } catch (UnknownHostException unknown) {
      throw new ParameterException(command, "unknown host in '" + address + "'");
    }
  }

  private static String read(Path token) throws CtlFailure {
    try {
      String text = Files.readString(token).strip();
      if (!text.matches("lbk_[0-9a-f]{8}_[0-9a-f]{64}")) {
        throw new CtlFailure(token + " is not an admin token");
      }
      return text;
    } catch (IOException unreadable) {
      throw new CtlFailure(
          "cannot read the token in "
              + token
              + "; the first start of the balancer writes it"
              + " (see -c and --token-file)");
    }
  }
}
