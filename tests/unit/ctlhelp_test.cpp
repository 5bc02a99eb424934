// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctlcompletion.h"
#include "app/ctl/ctlhelp.h"
#include "app/ctl/ctlline.h"
#include "tests/support/testprogram.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The declaration of the commands, and what is made of it.
class CtlHelpTest : public QObject
{
    Q_OBJECT

private slots:
    void isDeclaredSoundly();
    void helpsEachCommand_data();
    void helpsEachCommand();
    void helpsByName();
    void keepsTheOrderOfWordsAndValues();
    void completes_data();
    void completes();
    void isReadByTheShells_data();
    void isReadByTheShells();

private:
    QString fileFor(const QString &shell);

    QTemporaryDir m_folder;
};

void CtlHelpTest::isDeclaredSoundly()
{
    QStringList names; // A second one of the same name would be reported to whoever uses the program.
    for (const DeclaredOption &option : DeclaredOption::all()) {
        QVERIFY2(!names.contains(option.name), qPrintable(option.name));
        names.append(option.name);
    }
    QStringList used{u"help"_s, u"version"_s};
    QStringList paths;
    for (const DeclaredCommand &command : DeclaredCommand::all()) {
        QVERIFY2(!paths.contains(command.path()), qPrintable(command.path()));
        paths.append(command.path());
        for (const QString &option : command.options.split(u' ', Qt::SkipEmptyParts)) {
            QVERIFY2(DeclaredOption::find(option), qPrintable(QString(command.path() + u": " + option)));
            used.append(option);
        }
    }
    for (const DeclaredOption &option : DeclaredOption::all())
        QVERIFY2(used.contains(option.name), qPrintable(option.name));
}

void CtlHelpTest::helpsEachCommand_data()
{
    QTest::addColumn<QStringList>("words");
    for (const DeclaredCommand &command : DeclaredCommand::all())
        QTest::newRow(qPrintable(command.path())) << command.path().split(u' ');
}

void CtlHelpTest::helpsEachCommand()
{
    QFETCH(QStringList, words);
    const QString group = words.size() > 1 ? words.constFirst() : QString();
    const DeclaredCommand *command = DeclaredCommand::find(group, words.constLast());
    const auto help = ctlHelpFor(words);
    QVERIFY(command && help);
    QVERIFY2(help->startsWith(u"Usage: pulsedeckctl "_s + command->path()), qPrintable(*help));
    for (const DeclaredOption &option : DeclaredOption::all()) {
        const bool isTaken = command->takes(option.name) || option.name == "help"_L1;
        const QString usage = u"\n  "_s + option.usage(); // One as wide as its column stands on a line of its own.
        QCOMPARE(help->contains(usage + u' ') || help->contains(usage + u'\n'), isTaken);
    }
    for (const QString &line : help->split(u'\n'))
        QVERIFY2(line.size() <= 90, qPrintable(line));
    // The same behind the command.
    CtlLine line = CtlLine::read(group, {words.constLast(), u"--help"_s});
    QVERIFY(line.isHelp() && line.command() == command && line.problem().isEmpty());
    line = CtlLine::read(group, {u"-h"_s, words.constLast()});
    QVERIFY(line.isHelp() && line.command() == command);
}

void CtlHelpTest::helpsByName()
{
    QVERIFY(ctlHelpFor({})->contains(u"pulsedeckctl shutdown"_s));
    QVERIFY(ctlHelpFor({u"hub"_s})->contains(u"pulsedeckctl hub send"_s));
    QVERIFY(ctlHelpFor({u"timing"_s})->contains(u"pulsedeckctl timing what-if"_s));
    for (const QStringList &words :
         {QStringList{u"dance"_s}, {u"hub"_s, u"list"_s}, {u"list"_s, u"hub"_s}, {u"hub"_s, u"send"_s, u"x"_s}})
        QVERIFY2(!ctlHelpFor(words), qPrintable(words.join(u' ')));
}

void CtlHelpTest::keepsTheOrderOfWordsAndValues()
{
    const auto order = [](const QStringList &arguments) {
        QStringList texts;
        for (const CtlLine::Place &place : CtlLine::read(u"timing", arguments).places(u"preset"))
            texts.append((place.isWord ? u"word "_s : u"preset "_s) + place.text);
        return texts;
    };
    QCOMPARE(order({u"diff"_s, u"--preset"_s, u"p"_s, u"a.env"_s}), (QStringList{u"preset p"_s, u"word a.env"_s}));
    QCOMPARE(order({u"diff"_s, u"--env"_s, u"x"_s, u"p"_s, u"--json"_s, u"--preset=p"_s}),
             (QStringList{u"word p"_s, u"preset p"_s}));
    QCOMPARE(order({u"diff"_s, u"--preset"_s, u"a"_s, u"--preset"_s, u"b"_s, u"--"_s, u"--preset"_s}),
             (QStringList{u"preset a"_s, u"preset b"_s, u"word --preset"_s}));
}

QString CtlHelpTest::fileFor(const QString &shell)
{
    QFile file(m_folder.filePath(shell));
    const QByteArray text = ctlCompletion(shell).value_or(QString()).toUtf8();
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
}

void CtlHelpTest::completes_data()
{
    QTest::addColumn<QStringList>("words"); // The last one is being typed.
    QTest::addColumn<QStringList>("wanted");
    QTest::addColumn<QStringList>("unwanted");
    QTest::newRow("commands") << QStringList{u""_s} << u"list watch drain hub timing help completion"_s.split(u' ')
                              << QStringList{u"health"_s, u"--json"_s};
    QTest::newRow("a beginning") << QStringList{u"re"_s} << u"resume reap remove-key"_s.split(u' ') << QStringList{u"list"_s};
    QTest::newRow("options") << QStringList{u"list"_s, u"--"_s} << u"--json --where --settle --help"_s.split(u' ')
                             << QStringList{u"--now"_s, u"--every"_s};
    QTest::newRow("behind an option") << QStringList{u"drain"_s, u"--json"_s, u"--w"_s} << u"--where --wait"_s.split(u' ')
                                      << QStringList{u"--wait-reply"_s};
    QTest::newRow("a group") << QStringList{u"hub"_s, u""_s} << u"health actors discover metrics send"_s.split(u' ')
                             << QStringList{u"list"_s};
    // Every group, also of later ones.
    QTest::newRow("another group") << QStringList{u"queues"_s, u""_s} << u"list pause resume"_s.split(u' ')
                                   << QStringList{u"watch"_s};
    QTest::newRow("of another group") << QStringList{u"alerts"_s, u"check"_s, u"--en"_s} << QStringList{u"--environment"_s}
                                      << QStringList();
    QTest::newRow("of a group") << QStringList{u"hub"_s, u"metrics"_s, u"--e"_s} << QStringList{u"--every"_s} << QStringList();
    QTest::newRow("help") << QStringList{u"help"_s, u"timing"_s, u""_s} << u"apply what-if"_s.split(u' ')
                          << QStringList{u"health"_s};
    QTest::newRow("shells") << QStringList{u"completion"_s, u""_s} << u"bash zsh fish"_s.split(u' ') << QStringList();
    QTest::newRow("presets") << QStringList{u"timing"_s, u"diff"_s, u"--preset"_s, u"hub-"_s}
                             << u"hub-today hub-balanced hub-proposed"_s.split(u' ') << QStringList();
    QTest::newRow("a value") << QStringList{u"list"_s, u"--timeout"_s, u""_s} << QStringList() << QStringList{u"--json"_s};
    QTest::newRow("files") << QStringList{u"list"_s, u"--cacert"_s, u""_s} << QStringList{u"bash"_s} << QStringList{u"list"_s};
    QTest::newRow("files as words") << QStringList{u"timing"_s, u"check"_s, u""_s} << QStringList{u"bash"_s} << QStringList();
}

/// By a real bash, in a folder that holds one file, "bash".
void CtlHelpTest::completes()
{
    QFETCH(QStringList, words);
    QFETCH(QStringList, wanted);
    QFETCH(QStringList, unwanted);
    const QString file = fileFor(u"bash"_s);
    QVERIFY(!file.isEmpty());
    QProcess bash;
    bash.setWorkingDirectory(m_folder.path());
    bash.start(u"bash"_s, QStringList{u"--norc"_s, u"-c"_s,
                                      u". ./bash; COMP_WORDS=(pulsedeckctl \"$@\"); COMP_CWORD=$#; _pulsedeckctl; "
                                      "printf '%s\\n' \"${COMPREPLY[@]}\""_s,
                                      u"bash"_s}
                              + words);
    QVERIFY(bash.waitForFinished());
    QCOMPARE(bash.readAllStandardError(), QByteArray());
    const QStringList found = QString::fromUtf8(bash.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &word : std::as_const(wanted))
        QVERIFY2(found.contains(word), qPrintable(QString(word + u" is not in " + found.join(u' '))));
    for (const QString &word : std::as_const(unwanted))
        QVERIFY2(!found.contains(word), qPrintable(QString(word + u" is in " + found.join(u' '))));
}

void CtlHelpTest::isReadByTheShells_data()
{
    QTest::addColumn<QString>("shell");
    for (const QString &shell : {u"bash"_s, u"zsh"_s, u"fish"_s})
        QTest::newRow(qPrintable(shell)) << shell;
}

void CtlHelpTest::isReadByTheShells()
{
    QFETCH(QString, shell);
    const QString file = fileFor(shell);
    const QString text = ctlCompletion(shell).value_or(QString());
    for (const DeclaredOption &option : DeclaredOption::all())
        QVERIFY2(option.name == "version"_L1 || text.contains(option.name), qPrintable(option.name));
    for (const DeclaredCommand &command : DeclaredCommand::all())
        QVERIFY2(text.contains(command.path()), qPrintable(command.path()));
    if (QStandardPaths::findExecutable(shell).isEmpty())
        QSKIP("This shell is not installed");
    QProcess process;
    process.start(shell, {u"-n"_s, file});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.readAllStandardError(), QByteArray());
    QCOMPARE(process.exitCode(), 0);
}

PULSEDECK_TEST(CtlHelpTest, runWithEvents)
#include "ctlhelp_test.moc"
