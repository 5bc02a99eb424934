// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/teststepsmodel.h"

#include "models/core/format.h"
#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString TestStepsModel::spentText(qint64 ms)
{
    return ms < 0 ? QString() : ms < 1'000 ? roundTripText(ms) : durationText(ms);
}

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

Glyph TestStepsModel::glyphOf(TestStep::State state)
{
    switch (state) {
    case TestStep::State::Running:
        return Glyph::RungNow;
    case TestStep::State::Passed:
        return Glyph::Ok;
    case TestStep::State::Limited:
        return Glyph::Warning;
    case TestStep::State::Failed:
        return Glyph::Error;
    case TestStep::State::Skipped:
        return Glyph::Hidden;
    case TestStep::State::Waiting:
    case TestStep::State::NotReached:
        break;
    }
    return Glyph::Off;
}

QString TestStepsModel::stateWord(TestStep::State state)
{
    switch (state) {
    case TestStep::State::Waiting:
        return tr("waiting");
    case TestStep::State::Running:
        return tr("running");
    case TestStep::State::Passed:
        return tr("passed");
    case TestStep::State::Limited:
        return tr("works in part");
    case TestStep::State::Failed:
        return tr("failed");
    case TestStep::State::Skipped:
        return tr("left out");
    case TestStep::State::NotReached:
        return tr("not reached");
    }
    return {};
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
        // The step's name says the whole row, each other cell what stands in it.
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
