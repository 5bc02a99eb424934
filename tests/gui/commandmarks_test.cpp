// SPDX-License-Identifier: GPL-3.0-or-later
// The mark next to a command, by its act, its stage and its system.
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "tests/support/testapplication.h"
#include "ui/activity/activitywords.h"
#include "ui/common/commandtexts.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class CommandMarksTest : public QObject
{
    Q_OBJECT

    static std::vector<TraitsRef> systems()
    {
        std::vector<TraitsRef> all{TraitsRef()};
        for (const Layout &layout : LayoutCatalog::builtIn().layouts())
            all.push_back(TraitsRef::of(makeTraits(layout)));
        return all;
    }

private slots:
    void aMarkSaysHowItEnded_data()
    {
        QTest::addColumn<Act>("act");
        for (int act = 0; act <= int(Act::ResumeQueue); ++act)
            QTest::newRow(qPrintable(actName(Act(act)))) << Act(act);
    }

    void aMarkSaysHowItEnded()
    {
        QFETCH(Act, act);
        // What is about to be done, or was done, is no failure.
        QVERIFY(actGlyph(act) != Glyph::Error && actGlyph(act) != Glyph::Gone);
        const std::vector<TraitsRef> all = systems();
        QVERIFY(all.size() > 10);
        for (const TraitsRef traits : all) {
            for (int number = 0; number < stageCount; ++number) {
                CommandEntry entry;
                entry.traits = traits;
                entry.command.act = act;
                entry.command.scope = traits->of(act).scope;
                entry.stage = CommandStage(number);
                const QByteArray where = (traits->layout + u' ' + stageName(entry.stage)).toUtf8();
                const Glyph mark = stageGlyph(entry);
                QVERIFY2((mark == Glyph::Ok) == isSuccess(entry.stage), where);
                QVERIFY2((mark == Glyph::Error) == (entry.stage == CommandStage::Refused), where);
                QVERIFY2(mark != Glyph::Gone, where);
                if (isProblem(entry))
                    QVERIFY2(mark != Glyph::Sent && mark != Glyph::Draining && mark != Glyph::Undo, where);
                // The same in Activity.
                JournalEntry line;
                line.kind = JournalKind::Command;
                line.act = actName(act);
                line.step = stageName(entry.stage);
                QVERIFY2((activityMark(line).glyph == Glyph::Ok) == isSuccess(entry.stage), where);
                // Its worker went as it was told, and what it had at work was cut.
                entry.sessionsCut = 1;
                QVERIFY2(stageGlyph(entry) != Glyph::Ok, where);
            }
        }
    }
};

PULSEDECK_TEST(CommandMarksTest, runWithWidgets)
#include "commandmarks_test.moc"
