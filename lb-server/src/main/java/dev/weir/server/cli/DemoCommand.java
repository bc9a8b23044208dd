package dev.weir.server.cli;

import dev.weir.core.config.ConfigException;
import dev.weir.server.LbServer;
import dev.weir.server.Serving;
import dev.weir.server.Signals;
import dev.weir.server.Signals.Wish;
import dev.weir.server.SystemdNotify;
import dev.weir.server.demo.Demo;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lb demo}: a balancer with backends in the same process, to look at. */
@Command(
    name = "demo",
    description = "Run a balancer with backends of its own, and show one failing and recovering.")
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Seconds.class,
      description = "End after this time, such as 10s or 2m; default: at Ctrl-C.")
  private Duration limit;

  @Override
  public Integer call() throws InterruptedException {
    // The demo's own events are printed; the log is for what they do not tell.
    System.setProperty("weir.log", System.getProperty("weir.log", "WARN"));
    System.setProperty("sun.net.httpserver.nodelay", "true");
    PrintWriter out = spec.commandLine().getOut();
    Serving serving = new Serving(new SystemdNotify(null));
    Signals.install(wish -> serving.ask(wish == Wish.END ? Wish.END_SOON : wish));
    try (Demo demo = new Demo(out);
        LbServer server =
            LbServer.start(new LbServer.Options(demo.config(), false, List.of(demo.events())))) {
      demo.play();
      if (limit != null) {
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
            .execute(() -> serving.ask(Wish.END_SOON));
      }
      serving.untilEnd(server);
      out.println("the demo has ended");
      return ExitCode.OK;
    } catch (ConfigException wrong) {
      return Problems.print(wrong, spec.commandLine().getErr());
    } catch (IOException failed) {
      spec.commandLine().getErr().println("lb: " + failed.getMessage());
      return ExitCode.FAILURE;
    }
  }

  /** Whole seconds or minutes, as in {@code 10s} and {@code 2m}. */
  static final class Seconds implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      if (!text.matches("[1-9][0-9]{0,5}[sm]")) {
        throw new TypeConversionException("'" + text + "' is not a time such as 10s or 2m");
      }
      long amount = Long.parseLong(text.substring(0, text.length() - 1));
      return text.endsWith("m") ? Duration.ofMinutes(amount) : Duration.ofSeconds(amount);
    }
  }
}
