// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/commandarguments.h"
#include "tests/support/testprogram.h"

#include <QTest>

#include <vector>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Passwords among the arguments of a program.
class CommandArgumentsTest : public QObject
{
    Q_OBJECT

private slots:
    void secretsAreOverwritten_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("argument");
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<bool>("warned");
        const auto row = [](const char *name, const char *argument, const char *left, bool warned, const char *before = "list") {
            QTest::newRow(name) << QByteArray(before) << QByteArray(argument) << QByteArray(left) << warned;
        };
        row("password", "redis://:pw1@h:1/0", "redis://:***@h:1/0", true);
        row("user", "rediss://op:pw1@h", "rediss://op:***@h", true);
        row("colons", "redis://op:p:w@h", "redis://op:***@h", true);
        row("unescaped", "redis://op:p/?@w@h", "redis://op:*****@h", true);
        row("no port", "redis://op:pw1@host:notaport", "redis://op:***@host:notaport", true);
        row("option", "--url=redis://:pw1@h", "--url=redis://:***@h", true);
        row("bare", "op:pw1@h:1", "op:***@h:1", true);
        row("bare, by option", "op:pw1@h:1", "op:***@h:1", true, "--url");
        row("sentinels", "redis+sentinel://h,h2/m?sentinel_password=pw1&db=1",
            "redis+sentinel://h,h2/m?sentinel_password=***&db=1", true);
        row("both", "redis+sentinel://:ab@h/m?sentinel_password=pw1", "redis+sentinel://:**@h/m?sentinel_password=***", true);
        row("token", "wss://h/ws?Token=abc", "wss://h/ws?Token=***", true);
        row("place", "redis://h?password_env=REDIS_PW", "redis://h?password_env=REDIS_PW", false);
        row("file", "redis://h?password_file=/run/pw", "redis://h?password_file=/run/pw", false);
        row("user only", "redis://op@h", "redis://op@h", false);
        row("none", "redis://h:1/0", "redis://h:1/0", false);
        row("actor", "@(local/agent-1)", "@(local/agent-1)", false);
        row("data", "{\"a\":\"b@c\"}", "{\"a\":\"b@c\"}", false);
        row("filter", "id:celery@host", "id:******@host", false, "--where");
        row("nothing", "", "", false);
    }

    void secretsAreOverwritten()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, argument);
        QFETCH(QByteArray, left);
        QFETCH(bool, warned);
        QByteArray program("pulsedeckctl");
        QByteArray given = argument;
        std::vector<char *> argv{program.data(), before.data(), given.data(), nullptr};
        const CommandArguments arguments = CommandArguments::take(3, argv.data());
        QCOMPARE(given, left);
        QCOMPARE(given.size(), argument.size());
        QCOMPARE(arguments.all, (QStringList{u"pulsedeckctl"_s, QString::fromUtf8(before), QString::fromUtf8(argument)}));
        QCOMPARE(arguments.heldSecret, warned);
    }
};

PULSEDECK_TEST(CommandArgumentsTest, runPlain)
#include "commandarguments_test.moc"
