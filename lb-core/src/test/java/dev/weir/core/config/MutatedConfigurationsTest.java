package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged configurations: each is used or refused with a place, never fatal. As many as {@code
 * -Dweir.mutations=10000} says.
 */
class MutatedConfigurationsTest {
  private static final int ROUNDS = Integer.getInteger("weir.mutations", 2_000);
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ": ",
          "- ",
          "\n",
          "  ",
          "&a ",
          "*a",
          "!!x ",
          "${X}",
          "${",
          "file:/",
          "null",
          "~",
          "-1",
          "99999",
          "1e999",
          "true",
          "\"",
          "'",
          "#",
          "|",
          ">",
          "?",
          "%",
          "@",
          "\t",
          "\u0000",
          "\u00e9",
          "<<: ",
          "---\n",
          "...\n",
          "include: lb.yaml\n",
          "0s",
          "100d");

  @TempDir Path folder;

  @Test
  void aMutatedConfigurationIsUsedOrRefusedWithAPlace() throws IOException {
    SplittableRandom random = new SplittableRandom(20261120);
    List<byte[]> seeds = seeds();
    ConfigBinder binder = new ConfigBinder(Map.of("X", "1")::get);
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] text = mutated(seeds.get(random.nextInt(seeds.size())), random);
      Path file = Files.write(folder.resolve("lb.yaml"), text);
      try {
        LbConfig config = binder.bind(ConfigReader.read(file));
        assertThat(config.listeners()).isNotNull();
        accepted++;
      } catch (ConfigException e) {
        assertThat(e.problems()).isNotEmpty();
        for (Problem problem : e.problems()) {
          boolean leftOut = problem.message().endsWith("are left out");
          assertThat(
                  leftOut || (problem.file().startsWith(folder.toString()) && problem.line() > 0))
              .as("%s in%n%s", problem, new String(text, StandardCharsets.UTF_8))
              .isTrue();
        }
      }
    }
    assertThat(accepted).isBetween(ROUNDS / 100, ROUNDS * 99 / 100);
  }

  @Test
  void aMutatedDocumentOfTheApiIsUsedOrRefused() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    ConfigBinder binder = new ConfigBinder(name -> null);
    byte[] seed =
        ConfigReader.read(Path.of("../conf/examples/http.yaml"))
            .tree()
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < ROUNDS; i++) {
      try {
        assertThat(binder.bind(JsonReader.document(mutated(seed, random)))).isNotNull();
      } catch (ConfigException e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
  }

  private static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : List.of("lb.yaml", "examples/http.yaml", "examples/tcp.yaml")) {
      seeds.add(Files.readAllBytes(Path.of("../conf").resolve(name)));
    }
    return seeds;
  }

  private static byte[] mutated(byte[] seed, SplittableRandom random) {
    byte[] text = seed;
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length + 1);
      int end = Math.min(text.length, at + random.nextInt(20));
      byte[] token = TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
      text =
          switch (random.nextInt(4)) {
            case 0 -> joined(text, at, token, at);
            case 1 -> joined(text, at, token, end);
            case 2 -> joined(text, at, new byte[0], end);
            default -> joined(text, at, Arrays.copyOfRange(text, at, end), at);
          };
    }
    return text;
  }

  private static byte[] joined(byte[] text, int until, byte[] middle, int from) {
    byte[] joined = Arrays.copyOf(text, until + middle.length + text.length - from);
    System.arraycopy(middle, 0, joined, until, middle.length);
    System.arraycopy(text, from, joined, until + middle.length, text.length - from);
    return joined;
  }
}
