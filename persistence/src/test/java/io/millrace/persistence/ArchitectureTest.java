package io.millrace.persistence;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.millrace.persistence");

  @Test
  void knowsOnlyTheStoragePortsOfTheEngine() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.millrace..")
                .and(
                    not(
                        resideInAnyPackage(
                            "io.millrace.persistence..",
                            "io.millrace.engine.storage..",
                            "io.millrace.engine.model.."))))
        .check(MAIN);
  }

  @Test
  void providerAndSettingsAreAllThatIsPublic() {
    classes()
        .that(
            resideInAPackage("io.millrace.persistence")
                .and(not(belongToAnyOf(JdbcStorageProvider.class, JdbcStorageSettings.class))))
        .should()
        .notBePublic()
        .check(MAIN);
  }

  @Test
  void nothingWaitsForTheCommonPool() {
    // All that depends on a future made a stage this way runs there, behind whoever blocks it.
    noClasses().should().callMethod(FutureConverters.class, "asJava", Future.class).check(MAIN);
  }

  @Test
  void internalsAreOnlyWhatLibrariesAskFor() {
    classes()
        .that(JavaClass.Predicates.resideInAPackage("io.millrace.persistence.internal.."))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "io.millrace.persistence.internal..",
                "java..",
                "javax.sql..",
                "org.h2..",
                "org.apache.pekko..",
                "scala..",
                "slick.."))
        .check(MAIN);
  }
}
