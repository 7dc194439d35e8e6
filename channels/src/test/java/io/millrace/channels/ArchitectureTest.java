package io.millrace.channels;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the arrows between the rooms of this module:
 *
 * <pre>
 *   directory -> delivery -> bucket
 * </pre>
 */
class ArchitectureTest {

  private static final String HERE = "io.millrace.channels";

  private static final Map<String, Set<String>> SEES =
      Map.of(
          "directory", Set.of("delivery", "bucket"),
          "delivery", Set.of("bucket"),
          "bucket", Set.of());

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(HERE);

  @TestFactory
  Stream<DynamicTest> callsPointDownstream() {
    return SEES.entrySet().stream()
        .map(
            entry ->
                dynamicTest(
                    entry.getKey() + " sees only " + entry.getValue(),
                    () -> seesOnly(entry.getKey(), entry.getValue())));
  }

  private static void seesOnly(String room, Set<String> others) {
    String[] visible =
        Stream.concat(Stream.of(room), others.stream())
            .map(name -> HERE + "." + name + "..")
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(HERE + "." + room + "..")
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(HERE + "..").or(resideInAnyPackage(visible)))
        .check(CLASSES);
  }

  @Test
  void everyRoomHasItsRule() {
    Set<String> rooms =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(HERE + "."))
            .map(name -> name.substring(HERE.length() + 1))
            .collect(toCollection(TreeSet::new));
    assertThat(rooms).isEqualTo(new TreeSet<>(SEES.keySet()));
  }

  @Test
  void roomsFormNoCycle() {
    slices().matching(HERE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void bucketsArePlainJava() {
    classes()
        .that()
        .resideInAPackage(HERE + ".bucket..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", HERE + ".bucket..")
        .check(CLASSES);
  }

  @Test
  void nothingReadsAClockOfItsOwn() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(CLASSES);
  }

  @Test
  void nothingWaitsForTheCommonPool() {
    // All that depends on such an answer runs there, behind whoever blocks it.
    noClasses().should().dependOnClassesThat().belongToAnyOf(AskPattern.class).check(CLASSES);
  }

  @Test
  void knowsNoStorageAndNoGateway() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.millrace.persistence..", "io.millrace.gateway..", "java.sql..")
        .check(CLASSES);
  }
}
