package dev.weir.server;

import dev.weir.admin.AdminServer;
import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.ConfigException;
import dev.weir.core.config.ConfigReader;
import dev.weir.core.config.Document;
import dev.weir.core.config.LbConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.control.Ticker;
import dev.weir.core.control.WallClock;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Transport;
import dev.weir.core.runtime.Parts;
import dev.weir.core.runtime.Runtime;
import dev.weir.http.HttpProtocol;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Checks a configuration file as a start would, without opening a socket or the state folder. */
public final class Checking {
  private Checking() {}

  /**
   * Checks.
   *
   * @throws ConfigException with everything that is wrong
   */
  public static LbConfig check(Path file) throws ConfigException {
    Document document = ConfigReader.read(file);
    SplittableRandom random = new SplittableRandom();
    WallClock wall = WallClock.system();
    // Factories of probes and protocols want event loops to be made with; nothing runs on this one.
    try (Loops loops = new Loops(Transport.NIO, 1, Ticker.system(), random.split())) {
      Parts parts =
          new Parts(
              ConfigBinder.ofProcess(),
              Extensions.plugins(loops, random),
              Extensions.protocols(new HttpProtocol(loops, wall)),
              loops,
              null,
              null,
              null,
              null,
              null,
              null,
              wall,
              random);
      LbConfig config = Runtime.check(parts, document);
      Optional<Problem> refused = AdminServer.check(config.admin());
      if (refused.isPresent()) {
        throw new ConfigException(List.of(document.locate(refused.get())));
      }
      return config;
    }
  }
}
