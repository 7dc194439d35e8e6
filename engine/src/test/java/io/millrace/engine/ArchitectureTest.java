package io.millrace.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
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
 * Holds the arrows between the rooms of the engine. Calls point downstream, the way a record goes:
 *
 * <pre>
 *   consumer -> coordinator -> stream
 *   router -> stream -> shard -> tail -> batch, storage
 *             stream, shard -> capacity -> reshard
 *   consumer, router, stream, shard -> metrics
 *   everyone -> model
 * </pre>
 *
 * <p>Before adding an arrow to make a build pass, think again about which room the line of code
 * belongs to. An arrow against the stream is never the answer.
 */
class ArchitectureTest {

  private static final String ENGINE = "io.millrace.engine";

  /** Which rooms each room may see, from the source of the stream to its mouth. */
  private static final Map<String, Set<String>> SEES =
      Map.ofEntries(
          entry(
              "consumer",
              Set.of(
                  "metrics",
                  "aggregate",
                  "coordinator",
                  "stream",
                  "shard",
                  "tail",
                  "keys",
                  "batch",
                  "storage",
                  "api",
                  "internal",
                  "model")),
          entry("coordinator", Set.of("stream", "storage", "api", "internal", "model")),
          entry(
              "router",
              Set.of(
                  "stream",
                  "shard",
                  "tail",
                  "batch",
                  "storage",
                  "metrics",
                  "api",
                  "internal",
                  "model")),
          entry(
              "stream",
              Set.of(
                  "metrics",
                  "access",
                  "capacity",
                  "reshard",
                  "shard",
                  "tail",
                  "encryption",
                  "keys",
                  "batch",
                  "storage",
                  "api",
                  "internal",
                  "model")),
          entry(
              "shard",
              Set.of(
                  "capacity",
                  "tail",
                  "encryption",
                  "keys",
                  "batch",
                  "storage",
                  "metrics",
                  "internal",
                  "model")),
          entry("tail", Set.of("encryption", "keys", "batch", "storage", "internal", "model")),
          entry("encryption", Set.of("keys", "batch", "model")),
          entry("keys", Set.of("model")),
          entry("access", Set.of()),
          entry("batch", Set.of("internal", "model")),
          entry("aggregate", Set.of("model")),
          entry("storage", Set.of("internal", "model")),
          entry("metrics", Set.of("model")),
          entry("capacity", Set.of("reshard", "model")),
          entry("reshard", Set.of("model")),
          entry("api", Set.of("model")),
          entry("internal", Set.of("model")),
          entry("model", Set.of()));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.millrace");

  @TestFactory
  Stream<DynamicTest> callsPointDownstream() {
    return SEES.entrySet().stream()
        .map(
            entry ->
                dynamicTest(
                    entry.getKey() + " sees only " + entry.getValue(),
                    () -> seesOnly(entry.getKey(), entry.getValue())));
  }

  @Test
  void everyRoomHasItsRule() {
    Set<String> rooms =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(ENGINE + "."))
            .map(name -> name.substring(ENGINE.length() + 1).split("\\.", -1)[0])
            .collect(toCollection(TreeSet::new));
    assertThat(SEES.keySet()).containsAll(rooms);
  }

  @Test
  void roomsFormNoCycle() {
    slices().matching(ENGINE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void modelAndApiArePlainJava() {
    classes()
        .that()
        .resideInAnyPackage(ENGINE + ".model..", ENGINE + ".api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", ENGINE + ".model..", ENGINE + ".api..")
        .check(CLASSES);
  }

  @Test
  void engineKnowsNoDatabase() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.h2..", "org.postgresql..")
        .check(CLASSES);
  }

  @Test
  void engineKnowsNoHttp() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.net.http..", "com.sun.net.httpserver..", "org.apache.pekko.http..")
        .check(CLASSES);
  }

  @Test
  void plumbingStaysInside() {
    noClasses()
        .that(resideOutsideOfPackage(ENGINE + ".."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ENGINE + ".internal..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nothingWaitsForTheCommonPool() {
    // All that depends on such an answer runs there, behind whoever blocks it.
    noClasses().should().dependOnClassesThat().belongToAnyOf(AskPattern.class).check(CLASSES);
  }

  private static void seesOnly(String room, Set<String> others) {
    String[] visible =
        Stream.concat(Stream.of(room), others.stream())
            .map(name -> ENGINE + "." + name + "..")
            .toArray(String[]::new);
    classes()
        .that(resideInAPackage(ENGINE + "." + room + ".."))
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(ENGINE + "..").or(resideInAnyPackage(visible)))
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
