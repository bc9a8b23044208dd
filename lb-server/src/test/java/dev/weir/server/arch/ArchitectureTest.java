package dev.weir.server.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house as docs/architecture.md draws it, held to it. */
class ArchitectureTest {
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(ArchitectureTest::isProduction)
          .importPackages("dev.weir");

  private static boolean isProduction(Location location) {
    return !location.contains("/test-classes/") && !location.contains("-tests.jar");
  }

  static Stream<Law> laws() {
    return Stream.of(ModuleLaws.all(), ConductLaws.all()).flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("laws")
  void productionKeepsTheLaw(Law law) {
    // Some package may not have been built yet: a rule about it holds.
    assertThat(
            law.rule().allowEmptyShould(true).evaluate(PRODUCTION).getFailureReport().getDetails())
        .as(law.toString())
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("laws")
  void eachPlantedViolationIsSeen(Law law) {
    for (Class<?> planted : law.planted()) {
      JavaClasses fixtures = new ClassFileImporter().importClasses(law.planted());
      assertThat(law.rule().evaluate(fixtures).getFailureReport().getDetails())
          .as(law + " does not see " + planted.getName())
          .anyMatch(detail -> detail.contains(planted.getSimpleName()));
    }
  }

  @Test
  void everyModuleIsLookedAt() {
    for (String module : List.of("core", "http", "tcp", "admin", "server")) {
      assertThat(PRODUCTION.stream().map(type -> type.getPackageName()))
          .as("classes of lb-" + module)
          .anyMatch(name -> name.startsWith("dev.weir." + module));
    }
  }
}
