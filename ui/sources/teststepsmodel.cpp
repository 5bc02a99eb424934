// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/teststepsmodel.h"

#include "models/core/format.h"
#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

void TestStepsModel::setSteps(const QList<TestStep> &steps)
{
    beginResetModel();
    m_steps = steps;
    endResetModel();
}

void TestStepsModel::setStep(int row, const TestStep &step)
{
    if (row < 0 || row >= m_steps.size())
        return;
    m_steps[row] = step;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

namespace {

struct StateLook
{
    Glyph glyph;
    const char *word;
};
constexpr StateLook stateLooks[] = {
    ///< By TestStep::State.
    {Glyph::Off, QT_TRANSLATE_NOOP("pulsedeck::TestStepsModel", "waiting")},
    {Glyph::RungNow, QT_TRANSLATE_NOOP("pulsedeck::TestStepsModel", "running")},
    {Glyph::Ok, QT_TRANSLATE_NOOP("pulsedeck::TestStepsModel", "passed")},
    {Glyph::Warning, QT_TRANSLATE_NOOP("pulsedeck::TestStepsModel", "works in part")},
    {Glyph::Error, QT_TRANSLATE_NOOP("pulsedeck::TestStepsModel", "failed")},
    {Glyph::Hidden, QT_TRANSLATE_NOOP("pulsedeck::TestStepsModel", "skipped")},
    {Glyph::Off, QT_TRANSLATE_NOOP("pulsedeck::TestStepsModel", "not reached")},
};
static_assert(std::size(stateLooks) == size_t(TestStep::State::NotReached) + 1);

} // namespace

Glyph TestStepsModel::glyphOf(TestStep::State state)
{
    return stateLooks[size_t(state)].glyph;
}

QString TestStepsModel::stateWord(TestStep::State state)
{
    return tr(stateLooks[size_t(state)].word);
}

int TestStepsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_steps.size());
}

int TestStepsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant TestStepsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_steps.size())
        return {};
    const TestStep &step = m_steps.at(index.row());
    const auto time = [&step] { return spentText(step.elapsedMs); };
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return step.name;
        case Found:
            return step.text;
        case Time:
            return time();
        default:
            return {};
        }
    case StateRole:
        return int(step.state);
    case Qt::ToolTipRole:
        return step.hint.isEmpty() ? step.text : QString(step.text + u'\n' + step.hint);
    case Qt::AccessibleTextRole: {
        // The step's name stands for the whole row, each other cell for itself.
        if (index.column() == Found || index.column() == Time)
            return data(index, Qt::DisplayRole);
        QStringList parts{step.name, stateWord(step.state), step.text, time()};
        parts.removeAll(QString());
        return parts.join(u", "_s);
    }
    case Qt::ForegroundRole:
        if (index.column() == Name)
            return step.isOver() && step.state != TestStep::State::NotReached ? theme().text : theme().dim;
        return step.state == TestStep::State::Failed && index.column() == Found    ? theme().stale
               : step.state == TestStep::State::Limited && index.column() == Found ? theme().text
                                                                                   : theme().dim;
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (index.column() == Time ? Qt::AlignRight : Qt::AlignLeft));
    default:
        return {};
    }
}

} // namespace pulsedeck
